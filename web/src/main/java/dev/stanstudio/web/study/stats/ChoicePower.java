package dev.stanstudio.web.study.stats;

/**
 * Computes the number of raters for choices among several pictures at once. One method is preferred
 * to each other one by the same share, and the others are alike; by Luce's choice axiom
 * ("Individual Choice Behavior", 1959) that share holds whatever else is shown, so of {@code
 * methods} pictures the best is picked with chance s / (s + (1 − s)(k − 1)), and the picks that
 * decide between two given methods are those of either. The study finds the best method when it is
 * ahead of every other one (all-pairs power, Ramsey 1978, "Power differences between pairwise
 * multiple comparisons"); by Bonferroni's inequality each of the k − 1 tests may miss its share of
 * what the study may miss.
 *
 * @param methods shown at once, at least 2; two give {@link RaterPower}
 * @param share by which the best is preferred to each other, above 1/2
 * @param picksPerRater picks of a rater
 * @param correlation of the picks of a rater that decide between two methods
 */
public record ChoicePower(int methods, double share, double picksPerRater, double correlation) {
    /** Checks the numbers. */
    public ChoicePower {
        if (methods < 2 || !(share > 0.5 && share < 1)) {
            throw new IllegalArgumentException(
                    "no choice among %d with a share of %s".formatted(methods, share));
        }
    }

    /** Returns the share of picks that are of the best method or of one given other. */
    public double deciding() {
        return 1 / (share + (1 - share) * (methods - 1));
    }

    /**
     * Returns the fewest raters of whom the best method is found ahead of every other one.
     *
     * @param alpha error over all pairs of methods
     * @param power chance of finding it, at least
     */
    public int raters(double alpha, double power) {
        double pairs = methods * (methods - 1) / 2.0;
        double each = 1 - (1 - power) / (methods - 1);
        return new RaterPower(share, Math.max(1, picksPerRater * deciding()), correlation)
                .raters(alpha / pairs, each);
    }
}
