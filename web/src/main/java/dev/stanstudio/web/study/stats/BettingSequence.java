package dev.stanstudio.web.study.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * An interval for the mean score of raters that may be watched: whoever looks after every rater,
 * and stops when it pleases, is wrong no more often than promised.
 *
 * <p>Somebody bets on each rater's mean score x in [0, 1] before it is known. Were the mean m, the
 * capital of a constant bet that x is larger, Π(1 + c (x/m − 1)) with c in (0, 1), would be a
 * martingale, and so is its average over {@value #BETS} values of c, which amounts to one bet whose
 * size follows from what went before (Cover, 1991); the bet that x is smaller is its mirror image.
 * The hedged capital is half of the larger of the two (Waudby-Smith and Ramdas, 2024, section 4.4).
 * By Ville's inequality it ever exceeds 1/α with probability at most α. The interval is every m for
 * which it never has; it only shrinks.
 *
 * <p>What it takes for granted: whatever the raters before said, the expected mean score of the
 * next is the same m. That is so when raters are drawn from one population and when how fast
 * somebody finishes has nothing to do with which method they prefer. Votes of one rater may depend
 * on each other in any way. Not thread-safe.
 */
public final class BettingSequence {
    private static final int BETS = 24;
    private static final int HALVINGS = 50;
    private static final double EVEN = 0.5;
    private static final double SMALL = 1e-100;
    private static final double LARGE = 1e100;

    private final double alpha;
    private final List<Double> scores = new ArrayList<>();
    private double low;
    private double high = 1;
    private double p = 1;

    /** A sequence whose error is {@code alpha}. */
    public BettingSequence(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha " + alpha + " is not between 0 and 1");
        }
        this.alpha = alpha;
    }

    /** The sequence after {@code scores}. */
    public static BettingSequence of(double alpha, List<Double> scores) {
        BettingSequence sequence = new BettingSequence(alpha);
        scores.forEach(sequence::add);
        return sequence;
    }

    /** Takes the next rater's mean score, in [0, 1]. */
    public void add(double score) {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("the score " + score + " is not between 0 and 1");
        }
        scores.add(score);
        double above = capital(EVEN, false);
        double below = capital(EVEN, true);
        p = Math.min(p, Math.exp(Math.log(2) - Math.max(above, below)));
        low = edge(low, false);
        high = 1 - edge(1 - high, true);
    }

    /** How many raters there were. */
    public int raters() {
        return scores.size();
    }

    /** Their mean score; NaN without any. */
    public double mean() {
        return scores.stream().mapToDouble(x -> x).average().orElse(Double.NaN);
    }

    /**
     * The interval, of confidence 1 − alpha; empty (low above high) where all has been ruled out.
     */
    public Interval interval() {
        return new Interval(low, high);
    }

    /** An any-time p-value of the mean being 1/2: at most alpha with probability at most alpha. */
    public double p() {
        return p;
    }

    /** Whether 1/2 has been ruled out. */
    public boolean decided() {
        return p <= alpha;
    }

    /**
     * The logarithm of the capital of betting on scores above {@code m} (mirrored: below 1 − m).
     */
    private double capital(double m, boolean mirrored) {
        double top = Double.NEGATIVE_INFINITY;
        double[] logs = new double[BETS];
        for (int b = 0; b < BETS; b++) {
            double c = (b + 0.5) / BETS;
            double product = 1;
            for (double score : scores) {
                product *= 1 - c + c * (mirrored ? 1 - score : score) / m;
                if (product < SMALL || product > LARGE) {
                    logs[b] += Math.log(product);
                    product = 1;
                }
            }
            logs[b] += Math.log(product);
            top = Math.max(top, logs[b]);
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(log - top) / BETS;
        }
        return top + Math.log(sum);
    }

    /** The largest m, no smaller than {@code known}, ruled out; the capital falls as m grows. */
    private double edge(double known, boolean mirrored) {
        double enough = Math.log(2 / alpha);
        double out = known;
        double in = 1;
        boolean grows = capital(known > 0 ? known : SMALL, mirrored) >= enough;
        for (int i = 0; grows && i < HALVINGS; i++) {
            double middle = (out + in) / 2;
            if (capital(middle, mirrored) >= enough) {
                out = middle;
            } else {
                in = middle;
            }
        }
        return out;
    }
}
