package dev.stanstudio.web.matrix;

import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Identifies one picture of a {@link PictureMatrix}.
 *
 * @param row index of the row within the matrix
 * @param pair content and style of that row
 * @param by method that makes the picture
 * @param seed of the noise
 * @param at values of the axes
 */
public record MatrixCell(int row, MatrixRow pair, Method by, long seed, List<AxisChoice> at) {
    /** Keeps a copy of the choices that change the picture. */
    public MatrixCell {
        at = AxisChoice.varying(at, by);
    }

    /** Returns the method's name, with the values of the axes. */
    public String method() {
        return CellNames.varied(by.name(), at);
    }

    /** Returns the cell's path below the folder of its matrix. */
    public String file() {
        return CellNames.file(this);
    }

    /** Returns what the axes make of settings without control networks. */
    public Variation variation(SamplingOptions sampling, @Nullable ImageInput image) {
        return varied(new Variation(sampling, image, List.of(), by));
    }

    private Variation varied(Variation settings) {
        Variation variation = settings;
        for (AxisChoice choice : at) {
            variation = choice.kind().apply(variation, choice.value());
        }
        return variation;
    }

    /** Returns what the axes make of settings. */
    public Variation variation(PictureSettings settings) {
        return varied(
                new Variation(settings.sampling(), settings.image(), settings.controls(), by));
    }

    /**
     * Returns exactly the request that {@code studio generate} makes of the same settings.
     *
     * @throws dev.stanstudio.base.ArgumentException if it cannot work with any model
     */
    public GenerationRequest request(PictureSettings settings) {
        return request(settings, List.of(seed));
    }

    /** Returns the request for pictures that differ from the cell's in their seeds alone. */
    public GenerationRequest request(PictureSettings settings, List<Long> seeds) {
        Variation variation = variation(settings);
        return settings.varied(variation).request(pair, variation.method(), seeds);
    }
}
