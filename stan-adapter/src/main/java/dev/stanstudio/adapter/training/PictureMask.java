package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The masks of a masked loss, as sd-scripts has them: the opacity of the pictures, or files of the
 * same names in another folder, of which the first channel counts. White is learned, black is not.
 *
 * @param folder of the files, or null for the pictures' opacity
 */
record PictureMask(@Nullable Path folder) {
    private static final String ALPHA = "alpha";
    private static final int LATENT = 8;
    private static final float WHITE = 255;

    /**
     * Returns the masks that an option names: {@code alpha} or a folder.
     *
     * @throws ArgumentException if there is no such folder
     */
    static PictureMask of(String option) {
        if (option.equals(ALPHA)) {
            return new PictureMask(null);
        }
        Path folder = Path.of(option);
        if (!Files.isDirectory(folder)) {
            throw new ArgumentException(
                    "--masked-loss is alpha or a folder of masks; %s is no folder"
                            .formatted(option));
        }
        return new PictureMask(folder);
    }

    private Path file(Path picture, StyleItem item) {
        if (folder == null) {
            return picture;
        }
        Path file = folder.resolve(item.fileName());
        if (!Files.exists(file)) {
            throw new UserException(
                    "%s has no mask; give one as %s".formatted(item.fileName(), file));
        }
        return file;
    }

    /**
     * Returns everything that decides the mask of {@code item} beside its framing.
     *
     * @param picture the file of the picture
     */
    String key(Path picture, StyleItem item) {
        return (folder == null ? "upright mask by opacity of " : "upright mask ")
                + Sha256.ofFile(file(picture, item));
    }

    /**
     * Returns the mask of {@code item} in the size of the picture, each channel the same.
     *
     * @throws UserException if it is of another size, or the picture has no opacity
     */
    Picture grey(Path picture, StyleItem item) {
        Path file = file(picture, item);
        Picture read = Picture.read(file, Reading.TRANSPARENT);
        if (folder == null && !read.mode().hasAlpha()) {
            throw new UserException(
                    "%s has no alpha channel, which --masked-loss alpha needs".formatted(file));
        }
        if (read.width() != item.width() || read.height() != item.height()) {
            throw new UserException(
                    "the mask %s is %d x %d, its picture %d x %d"
                            .formatted(
                                    file,
                                    read.width(),
                                    read.height(),
                                    item.width(),
                                    item.height()));
        }
        int channel = folder == null ? read.mode().channels() - 1 : 0;
        byte[] samples = new byte[read.width() * read.height() * 3];
        for (int i = 0, y = 0; y < read.height(); y++) {
            for (int x = 0; x < read.width(); x++, i += 3) {
                byte value = (byte) read.sample(x, y, channel);
                samples[i] = value;
                samples[i + 1] = value;
                samples[i + 2] = value;
            }
        }
        return Picture.of(read.width(), read.height(), PixelMode.RGB, samples);
    }

    /** Returns the means of squares of 8 pixels, [1, 1, H/8, W/8] in 0 … 1. */
    static Tensor latents(Scope scope, Picture mask) {
        int width = mask.width() / LATENT;
        int height = mask.height() / LATENT;
        float[] means = new float[width * height];
        for (int y = 0; y < height * LATENT; y++) {
            for (int x = 0; x < width * LATENT; x++) {
                means[y / LATENT * width + x / LATENT] += mask.sample(x, y, 0);
            }
        }
        for (int i = 0; i < means.length; i++) {
            means[i] /= WHITE * LATENT * LATENT;
        }
        return Tensors.of(scope, means, 1, 1, height, width);
    }
}
