package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.compute.Failure;
import dev.stanstudio.scoring.vision.TowerKind;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a picture while rows wait for it. */
final class Entry {
    final Map<TowerKind, float[]> features = new EnumMap<>(TowerKind.class);
    @Nullable Failure failure;

    /** The last window that has a row of it. */
    long window;
}
