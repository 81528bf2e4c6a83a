package dev.stanstudio.scoring.compute;

import dev.stanstudio.scoring.vision.TowerKind;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A picture whose features are wanted. It can be sent to another machine unless it is decoded.
 *
 * @param file its path, on every machine that may compute it
 * @param towers which features are wanted
 * @param decoded its pixels, where they were read before
 */
public record FeatureRequest(String file, Set<TowerKind> towers, @Nullable Decoded decoded)
        implements Serializable {
    /** A picture that is read where it is computed. */
    public static FeatureRequest byPath(Path file, Set<TowerKind> towers) {
        return new FeatureRequest(file.toAbsolutePath().toString(), towers, null);
    }

    /** A picture that is read now. */
    static FeatureRequest read(Path file, Set<TowerKind> towers) {
        return new FeatureRequest(file.toString(), towers, Decoded.read(file));
    }

    Decoded pixels() {
        return decoded == null ? Decoded.read(Path.of(file)) : decoded;
    }
}
