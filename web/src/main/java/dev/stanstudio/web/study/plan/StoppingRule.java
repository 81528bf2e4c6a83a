package dev.stanstudio.web.study.plan;

import dev.stanstudio.base.ArgumentException;

/**
 * Rule that ends a study, fixed before its first vote.
 *
 * @param kind kind of the rule
 * @param votes the most votes that count
 * @param alpha the error that the sequence may make; unused by a fixed number
 */
public record StoppingRule(Kind kind, int votes, double alpha) {
    /** The kinds of rules. */
    public enum Kind {
        /** A fixed number of votes. */
        VOTES,
        /** A confidence sequence that rules out 1/2, or the number of votes. */
        SEQUENCE
    }

    /** The default error of a verdict. */
    public static final double DEFAULT_ALPHA = 0.05;

    private static final int MAX_VOTES = 1_000_000;

    /** Checks the numbers. */
    public StoppingRule {
        Setting.between("votes", votes, 1, MAX_VOTES);
        if (!(alpha > 0 && alpha < 0.5)) {
            throw new ArgumentException("alpha %s is not between 0 and 0.5".formatted(alpha));
        }
    }
}
