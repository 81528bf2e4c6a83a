package dev.stanstudio.web.study.stats;

/**
 * One rater's contribution to a sequence.
 *
 * @param mean of the scores of the answered trials, in [0, 1]
 * @param answered the share of the rater's trials that are answered, above 0; below 1 for one who
 *     left early
 */
public record RaterScore(double mean, double answered) {
    /** Checks the ranges. */
    public RaterScore {
        if (!(mean >= 0 && mean <= 1)) {
            throw new IllegalArgumentException("the score " + mean + " is not between 0 and 1");
        }
        if (!(answered > 0 && answered <= 1)) {
            throw new IllegalArgumentException(answered + " of the trials cannot be answered");
        }
    }

    /** The score as the other method's. */
    RaterScore mirrored() {
        return new RaterScore(1 - mean, answered);
    }

    /** The score that all trials would have, with no more than {@code m} for the missing ones. */
    double careful(double m) {
        return mean > m ? m + answered * (mean - m) : mean;
    }
}
