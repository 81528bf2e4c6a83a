package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.List;

/**
 * Pictures to feature vectors: preprocessing, then a network. Owns nothing: the caller that opened
 * the network closes it. Thread-safe.
 */
public final class ImageEmbedder {
    private final ImageTower tower;
    private final ImagePreprocessing preprocessing;

    /** Feeds {@code tower} with what {@code preprocessing} makes. */
    public ImageEmbedder(ImageTower tower, ImagePreprocessing preprocessing) {
        this.tower = tower;
        this.preprocessing = preprocessing;
    }

    /** Returns everything that the vectors depend on. */
    public EmbedderId id() {
        return new EmbedderId(tower.id(), preprocessing.identity());
    }

    /** The length d of a vector. */
    public int dimensions() {
        return tower.dimensions();
    }

    /**
     * The features of {@code pictures}, B rows [d], not normalised ({@link Features#unit}). They go
     * through the network at once, so memory grows with their number.
     *
     * @throws UserException if the network gives numbers that are not finite
     */
    public float[][] embed(List<Picture> pictures) {
        float[][] rows = embedPrepared(pictures.parallelStream().map(this::prepare).toList());
        for (float[] row : rows) {
            if (!Features.isFinite(row)) {
                throw new UserException(tower.id().notFinite());
            }
        }
        return rows;
    }

    /** The picture as the network sees it, which is small whatever it was. */
    public Picture prepare(Picture picture) {
        return preprocessing.prepare(picture);
    }

    /**
     * As {@link #embed} for pictures that {@link #prepare} made, also rows with numbers that are
     * not finite.
     */
    public float[][] embedPrepared(List<Picture> prepared) {
        if (prepared.isEmpty()) {
            return new float[0][];
        }
        try (Scope batch = Scope.open("pictures")) {
            Tensor pixels = preprocessing.preparedPixels(batch, prepared);
            return Features.unchecked(tower.features(batch, pixels));
        }
    }
}
