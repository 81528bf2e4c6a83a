package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.ArgumentException;

/**
 * CFG-Zero* (Fan et al. 2025; diffusers ClassifierFreeZeroStarGuidance): the negative prediction is
 * scaled to lie as near as possible to the positive one, and the first steps do not move.
 *
 * @param zeroSteps steps whose velocity is 0, counted from the start of the schedule
 */
public record ZeroStar(int zeroSteps) {
    /** Refuses a negative number. */
    public ZeroStar {
        if (zeroSteps < 0) {
            throw new ArgumentException("CFG-Zero* leaves out 0 or more steps, not " + zeroSteps);
        }
    }

    /** Refuses resting steps that leave none of {@code steps}: the picture would be the noise. */
    static void check(SamplingOptions sampling, int steps) {
        ZeroStar zeroStar = sampling.guiding().zeroStar();
        if (sampling.guided() && zeroStar != null && zeroStar.zeroSteps >= steps) {
            throw new ArgumentException(
                    "cfg-zero=%d leaves out all of %d steps, so nothing would be drawn; leave out fewer"
                            .formatted(zeroStar.zeroSteps, steps));
        }
    }
}
