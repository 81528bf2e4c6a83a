package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Initial pictures and masks: read, checked against what the request says, and resized. */
final class Pictures {
    private Pictures() {}

    /**
     * The initial picture and mask of a request, resized as diffusers' image processor does.
     *
     * @param mask grey; painted anew where it is at least half white
     * @param levels grey, of any size: the strength of each place, or null for hard edges
     * @param finish makes the finished picture of what was painted
     */
    record Prepared(
            Picture picture,
            @Nullable Picture mask,
            @Nullable Picture levels,
            UnaryOperator<Picture> finish) {
        /** Returns {@code painted}, mixed with the initial picture where the mask asks for it. */
        Picture finished(Picture painted) {
            return finish.apply(painted);
        }
    }

    /**
     * Reads the files. A mask of another size than the picture is refused by its header, before it
     * is decoded.
     */
    static Prepared prepare(ImageInput input, int width, int height) {
        Path file = checked(input.path(), input.sha256());
        Picture picture = Picture.read(file, Reading.SEEN);
        String maskPath = input.mask();
        if (maskPath == null) {
            return new Prepared(resize(picture, width, height), null, null, painted -> painted);
        }
        Path maskFile = checked(maskPath, input.maskSha256());
        requireSize(maskFile, picture.width(), picture.height());
        Picture mask = Picture.read(maskFile, Reading.MASK);
        Integer padding = input.crop();
        return padding == null
                ? whole(input, picture, mask, width, height)
                : cropped(input, picture, mask, width, height, padding);
    }

    private static Prepared whole(
            ImageInput input, Picture picture, Picture read, int width, int height) {
        Picture mask = resize(read, width, height);
        Picture resized = resize(picture, width, height);
        if (input.feather() == 0 && !input.soft()) {
            return new Prepared(resized, mask, null, painted -> painted);
        }
        SoftMask blurred = SoftMask.of(mask, input.feather());
        if (!input.soft()) {
            return new Prepared(
                    resized, blurred.painted(), null, painted -> blurred.mix(resized, painted));
        }
        SoftMask shown = new SoftMask(blurred.painted());
        return new Prepared(
                resized,
                blurred.painted(),
                input.feather() == 0 ? read : blurred.grey(),
                painted -> shown.mix(resized, painted));
    }

    private static Prepared cropped(
            ImageInput input, Picture picture, Picture read, int width, int height, int padding) {
        SoftMask mask = SoftMask.of(read, input.feather());
        CropRegion region = CropRegion.around(mask.grey(), width, height, padding);
        boolean grey = input.feather() == 0 && !input.soft();
        Picture painted = grey ? read : mask.painted();
        Picture shown = input.soft() ? mask.painted() : mask.grey();
        return new Prepared(
                region.cropped(picture, width, height),
                region.cropped(painted, width, height),
                input.soft() ? region.cropped(mask.grey(), width, height) : null,
                drawn -> Overlay.apply(shown, picture, drawn, region));
    }

    private static void requireSize(Path mask, int width, int height) {
        PictureHeader header = PictureHeader.of(mask);
        if (header.width() != width || header.height() != height) {
            throw new ArgumentException(
                    "the mask %s is %d×%d, the picture %d×%d; give a mask of the picture's size"
                            .formatted(mask, header.width(), header.height(), width, height));
        }
    }

    private static Path checked(String path, @Nullable String expected) {
        if (expected != null && !Sha256.ofFile(Path.of(path)).equals(expected)) {
            throw new UserException(
                    path + " is not the picture the request was made with: its SHA-256 differs");
        }
        return Path.of(path);
    }

    static Picture resize(Picture picture, int width, int height) {
        return Resampler.of(ResampleFilter.LANCZOS).resize(picture, width, height);
    }

    /** Interleaved samples as a tensor of bytes [height, width, channels]. */
    static Tensor tensor(Scope scope, byte[] samples, int width, int height, int channels) {
        ByteBuffer bytes = ByteBuffer.wrap(samples);
        return Tensors.ofBytes(scope, bytes, DType.UINT8, height, width, channels);
    }
}
