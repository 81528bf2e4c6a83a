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
 */
public record FeatureRequest(String file, Set<TowerKind> towers, @Nullable Decoded decoded)
        implements Serializable {
    /** Requests a picture that is read on the machine that computes it. */
    public static FeatureRequest byPath(Path file, Set<TowerKind> towers) {
        return new FeatureRequest(file.toAbsolutePath().toString(), towers, null);
    }

    /** Requests a picture that is read now. */
    static FeatureRequest read(Path file, Set<TowerKind> towers) {
        return new FeatureRequest(file.toString(), towers, Decoded.read(file));
    }

    Decoded pixels() {
        return decoded == null ? Decoded.read(Path.of(file)) : decoded;
    }
}
