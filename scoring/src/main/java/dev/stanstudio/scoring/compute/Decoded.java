package dev.stanstudio.scoring.compute;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.scoring.manifest.Problem;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Holds the pixels of a picture, or the reason why there are none: exactly one of both. */
record Decoded(@Nullable Picture picture, @Nullable Failure failure) {
    static Decoded read(Path file) {
        try {
            return new Decoded(PictureFrames.read(file), null);
        } catch (PictureFrames.AnimatedException e) {
            return failed(Problem.Kind.ANIMATED, e);
        } catch (UserException e) {
            return failed(Problem.Kind.UNREADABLE, e);
        }
    }

    /**
     * As {@link #read(Path)}, but only if the file has the hash {@code sha256} after it was read.
     */
    static Decoded read(Path file, String sha256) {
        Decoded read = read(file);
        try {
            if (read.failure() != null || Sha256.ofFile(file).equals(sha256)) {
                return read;
            }
        } catch (UserException e) {
            return failed(Problem.Kind.UNREADABLE, e);
        }
        String changed = file + " was changed while it was scored; score it again";
        return new Decoded(null, new Failure(Problem.Kind.HASH_MISMATCH, changed));
    }

    private static Decoded failed(Problem.Kind kind, UserException e) {
        return new Decoded(null, new Failure(kind, String.valueOf(e.getMessage())));
    }
}
