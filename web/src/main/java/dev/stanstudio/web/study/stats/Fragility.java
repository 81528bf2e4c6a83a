package dev.stanstudio.web.study.stats;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Smallest changes that undo a verdict between two.
 *
 * @param ratersUntilOpen how many raters, those most for the leader first, would have to be missing
 *     to leave the verdict open; 0 when it is open already
 * @param changedUntilReversed votes that, given to the other instead, would make the other lead
 * @param removedUntilReversed votes for the leader that, were they missing, would make the other
 *     lead; more than there are when the other has none
 */
public record Fragility(int ratersUntilOpen, long changedUntilReversed, long removedUntilReversed) {
    /**
     * Of a lead of {@code wins} to {@code losses}.
     *
     * @param raters each rater's votes for the leader
     * @param decides whether some of the raters would make it a verdict
     */
    public static Fragility of(
            long wins,
            long losses,
            List<RaterVotes> raters,
            Predicate<? super List<RaterVotes>> decides) {
        List<RaterVotes> left = new ArrayList<>(raters);
        List<RaterVotes> order = new ArrayList<>(raters);
        order.sort(Comparator.comparingDouble(RaterVotes::lead).reversed());
        int open = 0;
        while (open < order.size() && decides.test(left)) {
            left.remove(order.get(open++));
        }
        long difference = wins - losses;
        return new Fragility(open, difference / 2 + 1, difference + 1);
    }
}
