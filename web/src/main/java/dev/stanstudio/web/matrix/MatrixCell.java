package dev.stanstudio.web.matrix;

import dev.stanstudio.sd3.pipeline.GenerationRequest;
import java.util.List;

/**
 * Identifies one picture of a {@link PictureMatrix}.
 *
 * @param row index of the row within the matrix
 * @param pair content and style of that row
 * @param by method that makes the picture
 * @param seed of the noise
 */
public record MatrixCell(int row, MatrixRow pair, Method by, long seed) {
    /** Returns the method's name. */
    public String method() {
        return by.name();
    }

    /** Returns the cell's path below the folder of its matrix. */
    public String file() {
        return CellNames.file(this);
    }

    /**
     * Returns exactly the request that {@code studio generate} makes of the same settings.
     *
     * @throws dev.stanstudio.base.ArgumentException if it cannot work with any model
     */
    public GenerationRequest request(PictureSettings settings) {
        return settings.request(pair.prompt(), by, List.of(seed));
    }
}
