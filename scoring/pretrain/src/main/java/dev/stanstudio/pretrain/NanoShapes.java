package dev.stanstudio.pretrain;

import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.vae.VaeConfig;
import java.util.List;
import java.util.Set;

/** The shapes of the networks in sd3-nano. */
public final class NanoShapes {
    /** Side of its pictures in pixels. */
    public static final int SIDE = 128;

    /** Channels of its latents. */
    public static final int LATENT_CHANNELS = 16;

    /** Its autoencoder; scale and shift are measured after the training. */
    public static final VaeConfig VAE =
            new VaeConfig(
                    3,
                    3,
                    LATENT_CHANNELS,
                    List.of(32, 64, 96, 96),
                    1,
                    16,
                    true,
                    false,
                    false,
                    SIDE,
                    1,
                    0);

    /** Its transformer. */
    public static final MmditConfig MMDIT =
            new MmditConfig(
                    16,
                    2,
                    LATENT_CHANNELS,
                    5,
                    64,
                    4,
                    256,
                    256,
                    LATENT_CHANNELS,
                    16,
                    Set.of(),
                    false);

    private NanoShapes() {}
}
