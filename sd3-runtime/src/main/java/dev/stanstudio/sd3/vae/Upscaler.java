package dev.stanstudio.sd3.vae;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;

/**
 * A network that enlarges pictures: ESRGAN's RRDBNet or the compact network of Real-ESRGAN. Large
 * pictures go through it in overlapping tiles of {@value #TILE} pixels, which are cross-faded.
 * Immutable and thread-safe.
 */
public final class Upscaler implements AutoCloseable {
    /** Side of a tile in pixels before it is enlarged. */
    public static final int TILE = 256;

    private final UpscalerLayout layout;
    private final UpscalerNetwork network;

    private Upscaler(UpscalerLayout layout, UpscalerNetwork network) {
        this.layout = layout;
        this.network = network;
    }

    /** Opens the network of {@code layout}, whose tensors are {@code weights}. */
    public static Upscaler load(UpscalerLayout layout, Weights weights, Placement placement) {
        return new Upscaler(layout, layout.open(weights, placement));
    }

    /** Returns the factor of both sides. */
    public int scale() {
        return layout.scale();
    }

    /** Returns what both sides of a picture must be divisible by. */
    public int multiple() {
        return layout.multiple();
    }

    /**
     * Returns pictures [B, 3, sH, sW] in 0…1 of pictures [B, 3, H, W] in 0…1.
     *
     * @param beforeStage called between stages; may throw to cancel
     */
    public Tensor enlarge(Scope owner, Tensor pictures, Runnable beforeStage) {
        try (Scope local = Scope.open("enlarge")) {
            boolean large = pictures.size(2) > TILE || pictures.size(3) > TILE;
            Tensor enlarged =
                    large
                            ? new VaeTiles(TILE, TILE * scale())
                                    .run(
                                            local,
                                            pictures,
                                            (o, tile) -> network.run(o, tile, beforeStage))
                            : network.run(local, pictures, beforeStage);
            return UpscalerNetwork.program().call(owner, "unit", enlarged);
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
