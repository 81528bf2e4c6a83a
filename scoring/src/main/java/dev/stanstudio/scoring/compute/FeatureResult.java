package dev.stanstudio.scoring.compute;

import dev.stanstudio.scoring.vision.TowerKind;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the towers saw in a picture.
 *
 * @param width in pixels; 0 if it could not be decoded
 * @param height in pixels; 0 if it could not be decoded
 * @param features by tower, those that were wanted and are finite
 * @param failure why the picture cannot be used; null if it can
 */
public record FeatureResult(
        int width, int height, Map<TowerKind, float[]> features, @Nullable Failure failure)
        implements Serializable {
    /** Keeps a copy of the map. */
    public FeatureResult {
        Map<TowerKind, float[]> copy = new EnumMap<>(TowerKind.class);
        copy.putAll(features);
        features = copy;
    }

    /** Whether its pixels were read. */
    public boolean isDecoded() {
        return width > 0;
    }
}
