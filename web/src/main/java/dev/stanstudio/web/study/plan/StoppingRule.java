package dev.stanstudio.web.study.plan;

/**
 * When a study has enough votes, fixed before the first.
 *
 * @param kind what ends it
 * @param votes the votes that count, at most
 * @param alpha the error that the sequence may make; unused by a fixed number
 */
public record StoppingRule(Kind kind, int votes, double alpha) {
    /** What ends a study. */
    public enum Kind {
        /** The number of votes. */
        VOTES,
        /** A confidence sequence that rules out 1/2, or the number of votes. */
        SEQUENCE
    }

    /** The error of a verdict unless another is named. */
    public static final double DEFAULT_ALPHA = 0.05;

    private static final int MAX_VOTES = 1_000_000;

    /** Checks the numbers. */
    public StoppingRule {
        Setting.between("votes", votes, 1, MAX_VOTES);
        if (!(alpha > 0 && alpha < 0.5)) {
            throw new dev.stanstudio.base.ArgumentException(
                    "alpha " + alpha + " is not between 0 and 0.5");
        }
    }
}
