package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.compute.Failure;
import dev.stanstudio.scoring.vision.TowerKind;
import java.util.Map;

/**
 * Receives pictures with their features, in the order in which they were submitted.
 *
 * @param <T> what the caller keeps with a picture
 */
interface PictureSink<T> {
    /** Returns true if a picture with this hash is the intended one; otherwise it is left out. */
    boolean accepts(T item, String sha256);

    /** Counts one more picture as ready; it may still wait for those before it. */
    void onReady();

    /** Receives the picture's features by tower. */
    void onFeatures(T item, String sha256, Map<TowerKind, float[]> features);

    /** Receives the reason why the picture cannot be used. */
    void onFailure(T item, Failure failure);
}
