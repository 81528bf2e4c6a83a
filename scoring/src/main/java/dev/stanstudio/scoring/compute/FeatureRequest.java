package dev.stanstudio.scoring.compute;

import dev.stanstudio.scoring.vision.TowerKind;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Requests features of one picture. It can be sent to another machine unless it is decoded.
 *
 * @param file its path, on every machine that may compute it
 * @param towers the requested features
 * @param decoded its pixels if they were read in advance, else null
 * @param sha256 hash that the file must still have when it is read; null if it may have any
 */
public record FeatureRequest(
        String file, Set<TowerKind> towers, @Nullable Decoded decoded, @Nullable String sha256)
        implements Serializable {
    /** Requests a picture that is read on the machine that computes it. */
    public static FeatureRequest byPath(Path file, Set<TowerKind> towers) {
        return new FeatureRequest(file.toAbsolutePath().toString(), towers, null, null);
    }

    /** Requests a picture that is read now. */
    static FeatureRequest read(Path file, Set<TowerKind> towers) {
        return new FeatureRequest(file.toString(), towers, Decoded.read(file), null);
    }

    /**
     * Returns this request for exactly the content that was hashed before: a file that is written
     * to in between would be kept under the hash of what it was. Pixels that were read in advance
     * stay.
     */
    public FeatureRequest expecting(String hash) {
        return new FeatureRequest(file, towers, decoded, hash);
    }

    Decoded pixels() {
        if (decoded != null) {
            return decoded;
        }
        Path path = Path.of(file);
        return sha256 == null ? Decoded.read(path) : Decoded.read(path, sha256);
    }
}
