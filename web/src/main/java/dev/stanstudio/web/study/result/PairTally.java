package dev.stanstudio.web.study.result;

import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The counted votes on the pictures of one comparison: two methods or more, one prompt, one
 * question.
 *
 * @param style empty for none
 * @param seed empty for none
 * @param sides the pictures in the order of the plan's methods
 * @param ties answers of no difference
 */
public record PairTally(
        String question, String prompt, String style, String seed, List<Side> sides, long ties) {
    /** The fewest votes that can agree or disagree. */
    private static final int LEAST = 2;

    /**
     * One picture.
     *
     * @param file its name in the study's folder
     * @param picks votes for it
     */
    public record Side(String method, String file, long picks) {}

    /** Copies the list. */
    public PairTally {
        sides = List.copyOf(sides);
    }

    /** Returns all votes, those of no difference too. */
    public long votes() {
        return sides.stream().mapToLong(Side::picks).sum() + ties;
    }

    /** Returns the share of the most frequent answer; NaN without votes. */
    public double agreement() {
        long most =
                LongStream.concat(sides.stream().mapToLong(Side::picks), LongStream.of(ties))
                        .max()
                        .orElse(0);
        return (double) most / votes();
    }

    boolean comparable() {
        return votes() >= LEAST;
    }

    /** The pairs on which voters agree most come first, of equal ones those with more votes. */
    static Comparator<PairTally> mostAgreed() {
        return Comparator.comparingDouble(PairTally::agreement)
                .thenComparingLong(PairTally::votes)
                .reversed();
    }

    /** The pairs on which voters differ most come first, of equal ones those with more votes. */
    static Comparator<PairTally> leastAgreed() {
        return Comparator.comparingDouble(PairTally::agreement)
                .thenComparing(Comparator.comparingLong(PairTally::votes).reversed());
    }
}
