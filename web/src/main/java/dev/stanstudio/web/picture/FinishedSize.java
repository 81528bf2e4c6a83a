package dev.stanstudio.web.picture;

import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.web.matrix.PictureSettings;
import java.nio.file.Path;

/**
 * The size of finished pictures: a crop around a mask is put back into the picture that it started
 * from, which keeps its size.
 */
record FinishedSize(int width, int height) {
    /**
     * Returns the size of pictures of {@code settings}.
     *
     * @throws dev.stanstudio.base.UserException if the picture to start from cannot be read
     */
    static FinishedSize of(PictureSettings settings) {
        ImageInput image = settings.image();
        if (image == null || image.crop() == null) {
            return new FinishedSize(settings.width(), settings.height());
        }
        PictureHeader whole = PictureHeader.of(Path.of(image.path()));
        return new FinishedSize(whole.width(), whole.height());
    }
}
