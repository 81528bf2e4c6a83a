package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.compute.Failure;
import dev.stanstudio.scoring.vision.TowerKind;
import java.util.Map;

/**
 * Is given pictures with what the towers saw in them, in the order in which they were taken.
 *
 * @param <T> what comes with a picture
 */
interface PictureSink<T> {
    /** Whether a picture with this hash is the one that was meant; else it is left out. */
    boolean accepts(T tag, String sha256);

    /** Everything is known of one more picture, which may still wait for those before it. */
    void onReady();

    /** The picture's features by tower. */
    void onFeatures(T tag, String sha256, Map<TowerKind, float[]> features);

    /** The picture cannot be used. */
    void onFailure(T tag, Failure failure);
}
