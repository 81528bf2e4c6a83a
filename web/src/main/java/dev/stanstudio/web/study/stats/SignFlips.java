package dev.stanstudio.web.study.stats;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Tests and intervals of a share over raters, who are the unit: votes of one rater may be as alike
 * as they please. Were the share s, the differences w − s·n of the raters (w of n votes) would as
 * well have had the other signs, so |Σ(w − s·n)| is compared with the same sum under every
 * assignment of signs (Fisher, 1935; Winkler et al., 2014). For s = 1/2 of two methods this is
 * exact whenever the methods could be exchanged within each rater, however raters differ. The
 * interval is every s that is not rejected; its ends are shares among subsets of the raters
 * (Hartigan, 1969), so they need no search.
 *
 * <p>Up to {@value #ENUMERATED} raters all assignments are gone through, beyond that {@value
 * #DRAWS} random ones beside the observed one, always the same: bit r mod 64 of the (r div 64)-th
 * word of a draw is 1 where rater r keeps the sign, and the words are SplitMix64's from {@value
 * #SEED} on. Immutable.
 */
public final class SignFlips {
    /** With fewer raters no outcome could be significant at 5 %. */
    public static final int LEAST = 6;

    private static final double LOG_2 = Math.log(2);

    private static final int ENUMERATED = 14;
    private static final int DRAWS = 9_999;
    private static final long SEED = 1;
    private static final double SLACK = 1e-9;

    private final List<RaterVotes> raters;
    private final double share;
    private final double[] low;
    private final double[] high;

    /** Of {@code raters}, in any order where they are at most {@value #ENUMERATED}. */
    public SignFlips(List<RaterVotes> raters) {
        this.raters = List.copyOf(raters);
        double won = raters.stream().mapToDouble(RaterVotes::won).sum();
        double votes = raters.stream().mapToDouble(RaterVotes::votes).sum();
        share = won / votes;
        int flips = raters.size() <= ENUMERATED ? 1 << Math.max(0, raters.size() - 1) : DRAWS + 1;
        low = new double[flips];
        high = new double[flips];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < flips; i++) {
            ends(i, i == 0 ? observed() : kept(i, random), won, votes);
        }
        Arrays.sort(low);
        Arrays.sort(high);
    }

    /**
     * Returns the number of raters below which no outcome could be significant at {@code level}.
     */
    static int least(double level) {
        return 1 + (int) Math.ceil(Math.log(1 / level) / LOG_2 - SLACK);
    }

    private long[] observed() {
        long[] words = new long[(raters.size() + 63) / 64];
        Arrays.fill(words, -1L);
        return words;
    }

    /** Returns the raters who keep their sign; when enumerating, the first always does. */
    private long[] kept(int flip, SplittableRandom random) {
        if (raters.size() <= ENUMERATED) {
            return new long[] {~(2L * flip)};
        }
        return random.longs((raters.size() + 63) / 64).toArray();
    }

    /** The shares s for which these signs are at least as extreme as the observed ones. */
    private void ends(int at, long[] kept, double won, double votes) {
        double keptWon = 0;
        double keptVotes = 0;
        int count = 0;
        for (int r = 0; r < raters.size(); r++) {
            if ((kept[r / 64] >>> (r % 64) & 1) == 1) {
                keptWon += raters.get(r).won();
                keptVotes += raters.get(r).votes();
                count++;
            }
        }
        if (count == 0 || count == raters.size()) {
            low[at] = Double.NEGATIVE_INFINITY;
            high[at] = Double.POSITIVE_INFINITY;
            return;
        }
        double a = keptWon / keptVotes;
        double b = (won - keptWon) / (votes - keptVotes);
        low[at] = Math.min(a, b);
        high[at] = Math.max(a, b);
    }

    /** Returns the number of raters. */
    public int raters() {
        return raters.size();
    }

    /** The share over all votes; NaN without raters. */
    public double share() {
        return share;
    }

    /** The two-sided p-value of the share being {@code s}; 1 without raters. */
    public double p(double s) {
        if (raters.isEmpty()) {
            return 1;
        }
        long asExtreme =
                s >= share
                        ? Arrays.stream(high).filter(end -> end >= s - SLACK).count()
                        : Arrays.stream(low).filter(end -> end <= s + SLACK).count();
        return (double) asExtreme / high.length;
    }

    /**
     * The interval of the share. It is never narrower than Wilson's of the votes, nor, where all
     * raters have one share, which reveals nothing about how raters differ, than Wilson's of the
     * raters.
     *
     * @return {@link Interval#NONE} where there are too few raters for this confidence
     */
    public Interval interval(double confidence) {
        int rejected = (int) Math.floor((1 - confidence) * high.length + SLACK);
        Interval flips = new Interval(low[rejected], high[high.length - 1 - rejected]);
        if (raters.isEmpty() || !flips.known()) {
            return Interval.NONE;
        }
        double votes = raters.stream().mapToDouble(RaterVotes::votes).sum();
        boolean alike =
                raters.stream().allMatch(r -> Math.abs(r.won() / r.votes() - share) < SLACK);
        return flips.hull(Proportions.score(share, alike ? raters.size() : votes, confidence));
    }
}
