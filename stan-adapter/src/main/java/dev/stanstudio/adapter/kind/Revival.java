package dev.stanstudio.adapter.kind;

import dev.stanstudio.base.ArgumentException;

/**
 * Revival of STAN's dead features during training, after the auxiliary top-k of sparse autoencoders
 * (Gao et al. 2024, appendix A.2). STAN reconstructs nothing, so there is no residual to explain:
 * instead the strongest dead features of a token are added to its active ones with a small weight,
 * so that the diffusion loss trains them. After training they are not added.
 *
 * @param features the number of dead features that are added for a token; 0 for no revival
 * @param weight their factor, above 0 … 1; that of active features is 1
 * @param deadAfter updates without being active for any token after which a feature is dead
 */
public record Revival(int features, double weight, long deadAfter) {
    /** No revival. */
    public static final Revival NONE = new Revival(0, 1, Long.MAX_VALUE);

    /** Refuses numbers that cannot work. */
    public Revival {
        if (features < 0 || !(weight > 0 && weight <= 1) || deadAfter < 1) {
            throw new ArgumentException(
                    "revival needs features ≥ 0, a weight above 0 … 1 and updates ≥ 1, not %d, %s, %d"
                            .formatted(features, weight, deadAfter));
        }
    }

    /** Returns the settings in words. */
    String words() {
        return enabled()
                ? "%d dead features revived at weight %s after %d updates"
                        .formatted(features, SettingWords.number(weight), deadAfter)
                : "never revived";
    }

    /** Returns true if dead features are added at all. */
    public boolean enabled() {
        return features > 0;
    }
}
