package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import org.jspecify.annotations.Nullable;

/**
 * A control picture of the request's size, as the network reads it.
 *
 * @param rgb the preprocessed picture; black where a mask says that it is painted anew
 * @param mask grey, or null
 * @param asEdges whether its values are 0.5 … 128, as those of edges in Stability's layout
 */
record ControlPicture(Picture rgb, @Nullable Picture mask, boolean asEdges) {
    private static final int HALF = 128;

    /**
     * Reads, resizes and preprocesses the files of {@code input}.
     *
     * @throws dev.stanstudio.base.UserException if a file is no picture, or a mask is missing or
     *     not wanted
     */
    static ControlPicture read(
            ControlInput input, ControlNets.Opened opened, GenerationRequest request) {
        ControlNetConfig config = opened.network().config();
        String mask = input.mask();
        input.checkMask(config.extraChannels());
        ImageInput files = new ImageInput(input.picture(), null, mask, null, 1);
        Pictures.Prepared read = Pictures.prepare(files, request.width(), request.height());
        Picture prepared = input.preprocessor().prepare(read.picture());
        Picture grey = read.mask();
        boolean edges = opened.edges() || (!config.readsText() && input.preprocessor().isOfEdges());
        return new ControlPicture(grey == null ? prepared : hide(prepared, grey), grey, edges);
    }

    private static Picture hide(Picture rgb, Picture mask) {
        byte[] samples = rgb.samples();
        for (int y = 0; y < rgb.height(); y++) {
            for (int x = 0; x < rgb.width(); x++) {
                if (mask.sample(x, y, 0) >= HALF) {
                    int at = (y * rgb.width() + x) * 3;
                    samples[at] = 0;
                    samples[at + 1] = 0;
                    samples[at + 2] = 0;
                }
            }
        }
        return Picture.of(rgb.width(), rgb.height(), PixelMode.RGB, samples);
    }
}
