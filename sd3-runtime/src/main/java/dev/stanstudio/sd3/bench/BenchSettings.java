package dev.stanstudio.sd3.bench;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.MmditConfig;

/**
 * Settings of a timed denoising step: one picture with classifier-free guidance, batch 2.
 *
 * @param placement device and type
 * @param side side of the picture in pixels
 * @param textTokens M
 * @param lastRepeats how many equal tokens the last text token stands for
 * @param steps steps to time
 * @param warmUp steps before that are run and reported apart
 */
public record BenchSettings(
        Placement placement, int side, int textTokens, int lastRepeats, int steps, int warmUp) {
    private static final int LATENT_PIXEL = 8;

    /** Refuses counts below 1. */
    public BenchSettings {
        least("--text-tokens", textTokens, 1);
        least("--last-repeats", lastRepeats, 1);
        least("--steps", steps, 1);
        least("--warm-up", warmUp, 0);
    }

    private static void least(String option, int value, int least) {
        if (value < least) {
            throw new UserException(
                    "%s must be at least %s, not %s".formatted(option, least, value));
        }
    }

    /** Side of the latents; checks that {@code config} can take the picture. */
    public int latentSide(MmditConfig config) {
        int unit = LATENT_PIXEL * config.patchSize();
        if (side < unit || side % unit != 0 || side > config.maxPixels()) {
            throw new UserException(
                    "--size must be a multiple of %d up to %d, not %d"
                            .formatted(unit, config.maxPixels(), side));
        }
        return side / LATENT_PIXEL;
    }

    /** Tokens of the picture and of the text, N + M. */
    public int tokens(MmditConfig config) {
        return imageTokens(config) + textTokens;
    }

    /** N for {@code config}. */
    int imageTokens(MmditConfig config) {
        int tokens = latentSide(config) / config.patchSize();
        return tokens * tokens;
    }
}
