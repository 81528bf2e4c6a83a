package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.compute.Failure;
import dev.stanstudio.scoring.vision.TowerKind;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds the features or the failure of a picture while queued pictures wait for them. */
final class PictureFeatures {
    final Map<TowerKind, float[]> features = new EnumMap<>(TowerKind.class);
    @Nullable Failure failure;

    /** Number of the last window with a queued picture of this content. */
    long lastWindow;
}
