package dev.stanstudio.scoring.compute;

import dev.stanstudio.scoring.vision.TowerKind;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers a {@link FeatureRequest}: features, or the reason why there are none.
 *
 * @param width in pixels; 0 if it could not be decoded
 * @param height in pixels; 0 if it could not be decoded
 * @param features by tower, those that were requested and are finite
 * @param failure reason why the picture cannot be used, or null
 */
public record FeatureResult(
        int width, int height, Map<TowerKind, float[]> features, @Nullable Failure failure)
        implements Serializable {
    /** Copies the map. */
    public FeatureResult {
        Map<TowerKind, float[]> copy = new EnumMap<>(TowerKind.class);
        copy.putAll(features);
        features = copy;
    }

    /** Returns true if its pixels were read. */
    public boolean isDecoded() {
        return width > 0;
    }
}
