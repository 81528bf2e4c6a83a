package dev.stanstudio.sd3.model;

import dev.stanstudio.sd3.vae.VaeConfig;
import java.util.List;

/** The autoencoder that all published SD3 and SD3.5 models share (vae/config.json). */
final class Sd3Vae {
    static final VaeConfig CONFIG =
            new VaeConfig(
                    3,
                    3,
                    16,
                    List.of(128, 256, 512, 512),
                    2,
                    32,
                    true,
                    false,
                    false,
                    1024,
                    1.5305,
                    0.0609);

    private Sd3Vae() {}
}
