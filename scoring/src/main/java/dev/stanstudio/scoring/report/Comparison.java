package dev.stanstudio.scoring.report;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.score.Result;
import org.jspecify.annotations.Nullable;

/**
 * Two methods on pairs of pictures of the same prompt, style and seed.
 *
 * @param more the method with more of what is asked
 * @param adjusted p by Holm over the comparisons of the same metric; null without a test
 * @param trainings those behind difference and p; 0 where none is known
 */
record Comparison(
        String more,
        String less,
        Estimate difference,
        @Nullable Double p,
        @Nullable Double adjusted,
        int trainings) {
    private static final double LEVEL = 0.05;

    /**
     * Compares the methods of a difference.
     *
     * @param smaller whether smaller values are more of what is asked
     */
    static Comparison of(Result.Difference d, boolean smaller, @Nullable Double adjusted) {
        boolean first = smaller == (d.estimate().value() < 0);
        return new Comparison(
                first ? d.method() : d.than(),
                first ? d.than() : d.method(),
                d.estimate(),
                d.p(),
                adjusted,
                d.trainings() == null ? 0 : d.trainings().count());
    }

    boolean isTested() {
        return adjusted != null;
    }

    private boolean excludesZero() {
        Double low = difference.low();
        Double high = difference.high();
        return low != null && high != null && (low > 0 || high < 0);
    }

    private boolean isUnlikely() {
        return adjusted != null && adjusted < LEVEL;
    }

    /** Returns whether interval and test both say that the methods differ. */
    boolean isClear() {
        return excludesZero() && isUnlikely();
    }

    /** Returns whether one of interval and test says so and the other does not. */
    boolean isConflict() {
        return isTested() && excludesZero() != isUnlikely();
    }

    boolean isOf(String a, String b) {
        return (more.equals(a) && less.equals(b)) || (more.equals(b) && less.equals(a));
    }

    /** Explains why interval and test disagree; empty if they do not. */
    String conflict() {
        if (!isConflict()) {
            return "";
        }
        String found =
                excludesZero()
                        ? "the interval of the difference leaves out 0, but the test finds nothing"
                                + " beyond chance (%s)"
                        : "the test says that they differ (%s), but the interval includes 0";
        return ("%s and %s, %s: " + found + ". " + Reading.INTERVAL_AND_TEST)
                .formatted(MethodNames.shown(more), MethodNames.shown(less), pairs(), chance());
    }

    private String chance() {
        return p != null && adjusted != null && !p.equals(adjusted)
                ? "%s, %s after counting the comparisons of this question"
                        .formatted(Words.chance(p), Words.chance(adjusted).substring("p ".length()))
                : Words.chance(p);
    }

    String pairs() {
        return Words.count(difference.n(), "pair", "pairs");
    }

    /** Returns it as a line. */
    String line(String verb) {
        String what =
                isClear()
                        ? "larger than chance explains"
                        : isTested() ? "too close to tell" : "too few pairs that differ to test";
        return "%s %s %s by %s (%s%s, %s): %s"
                .formatted(
                        MethodNames.shown(more),
                        verb,
                        MethodNames.shown(less),
                        size(),
                        pairs(),
                        trainings == 0
                                ? ""
                                : ", " + Words.count(trainings, "training", "trainings"),
                        chance(),
                        what);
    }

    private String size() {
        Double low = difference.low();
        Double high = difference.high();
        double value = difference.value();
        if (value >= 0 || low == null || high == null) {
            return Words.number(
                    value >= 0 ? difference : new Estimate(-value, difference.n(), null, null));
        }
        return Words.number(new Estimate(-value, difference.n(), -high, -low));
    }
}
