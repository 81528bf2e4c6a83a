package dev.stanstudio.sd3.bench;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import dev.stanstudio.sd3.model.MemoryNeed;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.text.T5Encoder;
import dev.stanstudio.sd3.vae.VaeKeys;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The published transformers of Stable Diffusion 3 by shape. */
public enum ModelShape implements Labelled {
    /** Stable Diffusion 3 medium: width 1536. */
    SD3_MEDIUM("sd3-medium", 24, 192, 0, false),
    /** Stable Diffusion 3.5 medium: a second attention in the first 13 blocks. */
    SD35_MEDIUM("sd3.5-medium", 24, 384, 13, true),
    /** Stable Diffusion 3.5 large: width 2432. */
    SD35_LARGE("sd3.5-large", 38, 192, 0, true);

    private static final int HEAD_WIDTH = 64;
    private static final int LATENT_CHANNELS = 16;

    private final String label;
    private final int depth;
    private final int positions;
    private final int dualBlocks;
    private final boolean qkNorm;

    ModelShape(String label, int depth, int positions, int dualBlocks, boolean qkNorm) {
        this.label = label;
        this.depth = depth;
        this.positions = positions;
        this.dualBlocks = dualBlocks;
        this.qkNorm = qkNorm;
    }

    @Override
    public String label() {
        return label;
    }

    /** Number of blocks of the published model, which is also its number of heads. */
    public int depth() {
        return depth;
    }

    /** The configuration, with {@code layers} blocks of the published width. */
    public MmditConfig config(int layers) {
        Set<Integer> dual =
                IntStream.range(0, Math.min(layers, dualBlocks))
                        .boxed()
                        .collect(Collectors.toSet());
        return new MmditConfig(
                128,
                2,
                LATENT_CHANNELS,
                layers,
                HEAD_WIDTH,
                depth,
                4096,
                2048,
                LATENT_CHANNELS,
                positions,
                dual,
                qkNorm);
    }

    /** Returns the estimate of this model's memory, with CLIP, T5 and the autoencoder. */
    public MemoryNeed memory() {
        MmditConfig config = config(depth);
        return MemoryNeed.of(
                Map.of(
                        MemoryNeed.Network.TRANSFORMER,
                        new ShapesOnly(MmditKeys.shapes(config)),
                        MemoryNeed.Network.VAE,
                        new ShapesOnly(VaeKeys.shapes(PublishedParts.VAE)),
                        MemoryNeed.Network.CLIP_L,
                        new ShapesOnly(ClipTextEncoder.shapes(PublishedParts.CLIP_L)),
                        MemoryNeed.Network.CLIP_G,
                        new ShapesOnly(ClipTextEncoder.shapes(PublishedParts.CLIP_G)),
                        MemoryNeed.Network.T5,
                        new ShapesOnly(T5Encoder.shapes(PublishedParts.T5))),
                config,
                PublishedParts.VAE);
    }

    /**
     * Returns the shape of that name.
     *
     * @throws ArgumentException if there is none; the message lists the names
     */
    public static ModelShape of(String label) {
        return Labelled.of(values(), "model shape", label);
    }
}
