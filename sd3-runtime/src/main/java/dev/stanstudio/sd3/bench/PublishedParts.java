package dev.stanstudio.sd3.bench;

import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.text.T5Config;
import dev.stanstudio.sd3.vae.VaeConfig;
import java.util.List;

/** The shapes of the parts around a published transformer. */
final class PublishedParts {
    static final ClipTextConfig CLIP_L =
            new ClipTextConfig(49408, 768, 3072, 12, 12, 77, 768, true, 1e-5, 2);
    static final ClipTextConfig CLIP_G =
            new ClipTextConfig(49408, 1280, 5120, 32, 20, 77, 1280, false, 1e-5, 2);
    static final T5Config T5 = new T5Config(32128, 4096, 64, 10240, 24, 64, 32, 128, 1e-6);
    static final VaeConfig VAE =
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

    private PublishedParts() {}
}
