package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.datasets.UserException;
import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.datasets.picture.ResampleFilter;
import dev.stanstudio.datasets.picture.Resampler;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Initial pictures and masks: read, checked against what the request says, and resized. */
final class Pictures {
    private Pictures() {}

    /** The initial picture and mask of a request, resized as diffusers' image processor does. */
    record Prepared(Picture picture, @Nullable Picture mask) {}

    static Prepared prepare(ImageInput input, int width, int height) {
        Picture picture = read(input.path(), input.sha256());
        String maskPath = input.mask();
        if (maskPath == null) {
            return new Prepared(resize(picture.toRgb(), width, height), null);
        }
        Picture mask = read(maskPath, input.maskSha256());
        if (mask.width() != picture.width() || mask.height() != picture.height()) {
            throw new ArgumentException(
                    "the mask "
                            + maskPath
                            + " is "
                            + mask.width()
                            + "×"
                            + mask.height()
                            + ", the picture "
                            + picture.width()
                            + "×"
                            + picture.height()
                            + "; give a mask of the picture's size");
        }
        return new Prepared(
                resize(picture.toRgb(), width, height), resize(mask.toGrey(), width, height));
    }

    private static Picture read(String path, @Nullable String expected) {
        if (expected != null && !sha256(Path.of(path)).equals(expected)) {
            throw new UserException(
                    path + " is not the picture the request was made with: its SHA-256 differs");
        }
        return Picture.readUpright(Path.of(path));
    }

    private static Picture resize(Picture picture, int width, int height) {
        return Resampler.of(ResampleFilter.LANCZOS).resize(picture, width, height);
    }

    /** SHA-256 of a file's bytes, in hex. */
    static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream through = new DigestInputStream(in, digest)) {
                through.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UserException("the picture " + file + " cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Interleaved samples as a tensor of bytes [height, width, channels]. */
    static Tensor tensor(Scope scope, byte[] samples, int width, int height, int channels) {
        ByteBuffer bytes = ByteBuffer.wrap(samples);
        return Tensors.ofBytes(scope, bytes, DType.UINT8, height, width, channels);
    }
}
