package dev.stanstudio.web.study.stats;

/**
 * How few votes carry a verdict between two.
 *
 * @param changedUntilOpen votes for the leader that, given to the other instead, would leave the
 *     verdict open (Wilson's interval would contain 1/2); 0 when it is open already
 * @param changedUntilReversed votes that, given to the other instead, would make the other lead
 * @param removedUntilReversed votes for the leader that, were they missing, would make the other
 *     lead; more than there are when the other has none
 */
public record Fragility(
        long changedUntilOpen, long changedUntilReversed, long removedUntilReversed) {
    /** Of a verdict by {@code wins} to {@code losses}, in either order. */
    public static Fragility of(long wins, long losses, double confidence) {
        long lead = Math.max(wins, losses);
        long n = wins + losses;
        long open = 0;
        while (lead - open > n / 2
                && !Proportions.wilson(lead - open, n, confidence).contains(0.5)) {
            open++;
        }
        long difference = 2 * lead - n;
        return new Fragility(open, difference / 2 + 1, difference + 1);
    }
}
