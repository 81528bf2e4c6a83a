package dev.stanstudio.web.study.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * Computes an interval for the mean score of raters that holds at every moment: its error is kept
 * by a study that is evaluated after every vote and stopped at will.
 *
 * <p>A bet is made on each rater's mean score x in [0, 1] before it is known. Were the mean m, the
 * capital of a constant bet that x is larger, Π(1 + c (x/m − 1)) with c in (0, 1), would be a
 * martingale, and so is its average over {@value #BETS} values of c, which amounts to one bet whose
 * size follows from what went before (Cover, 1991); the bet that x is smaller is its mirror image.
 * The hedged capital is half of the larger of the two (Waudby-Smith and Ramdas, 2024, section 4.4).
 * By Ville's inequality it ever exceeds 1/α with probability at most α. The interval is every m for
 * which it does not.
 *
 * <p>A rater who has not answered every trial is bet on carefully: for the missing trials a bet on
 * scores above m is credited with m where the answered ones lie above it, and with their mean where
 * they lie below. What is won is then only the answered part and what is lost is all of it. Given
 * the answers, the missing ones of a rater with a taste are expected between m and the mean of
 * those given (exactly so for tastes spread as a Beta distribution of mean m), and of a rater
 * without one at m. So the capital stays below a martingale in whatever order raters answer, and
 * whether they continue, leave or pause because of their answers.
 *
 * <p>Assumptions: raters are drawn from one population, and their order is independent of the
 * method that they prefer. Votes of one rater may be as alike as they please. Not thread-safe.
 */
public final class BettingSequence {
    static final int BETS = 24;
    private static final int HALVINGS = 50;
    private static final double EVEN = 0.5;
    private static final double SMALL = 1e-100;
    private static final double LARGE = 1e100;

    private final double alpha;
    private final List<RaterScore> scores = new ArrayList<>();

    /** A sequence whose error is {@code alpha}. */
    public BettingSequence(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha " + alpha + " is not between 0 and 1");
        }
        this.alpha = alpha;
    }

    /** The sequence after {@code scores}. */
    public static BettingSequence of(double alpha, List<RaterScore> scores) {
        BettingSequence sequence = new BettingSequence(alpha);
        scores.forEach(sequence::add);
        return sequence;
    }

    /** Takes the mean score, in [0, 1], of the next rater, who answered every trial. */
    public void add(double score) {
        add(new RaterScore(score, 1));
    }

    /** Takes the next rater's score. */
    public void add(RaterScore score) {
        scores.add(score);
    }

    /** Returns the number of raters. */
    public int raters() {
        return scores.size();
    }

    /** The mean of their mean scores; NaN without any. */
    public double mean() {
        return scores.stream().mapToDouble(RaterScore::mean).average().orElse(Double.NaN);
    }

    /** The interval, of confidence 1 − alpha. */
    public Interval interval() {
        return new Interval(edge(false), 1 - edge(true));
    }

    /** An any-time p-value of the mean being 1/2: at most alpha with probability at most alpha. */
    public double p() {
        double capital = Math.max(capital(EVEN, false), capital(EVEN, true));
        return Math.min(1, Math.exp(Math.log(2) - capital));
    }

    /** Returns whether 1/2 is ruled out. */
    public boolean decided() {
        return p() <= alpha;
    }

    /** The size of a bet, from 0 on. */
    static double bet(int number) {
        return (number + 0.5) / BETS;
    }

    /**
     * The number of raters, these among them, that rule out 1/2 if further ones bring the scores of
     * these over and over; {@link RaterPower#MOST} where more are needed.
     */
    public int ratersToDecide() {
        double[] above = logs(EVEN, false);
        double[] below = logs(EVEN, true);
        double enough = Math.log(2 / alpha);
        double out = 0;
        double in = (double) RaterPower.MOST / Math.max(1, scores.size());
        if (Math.max(mean(above, in), mean(below, in)) < enough) {
            return RaterPower.MOST;
        }
        // The capital is convex in the number of times, from 1 on: it passes the level once.
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (out + in) / 2;
            if (Math.max(mean(above, middle), mean(below, middle)) >= enough) {
                in = middle;
            } else {
                out = middle;
            }
        }
        return (int) Math.ceil(in * scores.size());
    }

    /**
     * The logarithm of the capital of betting on scores above {@code m} (mirrored: below 1 − m).
     */
    private double capital(double m, boolean mirrored) {
        return mean(logs(m, mirrored), 1);
    }

    /** The logarithms of the capitals of the single bets. */
    private double[] logs(double m, boolean mirrored) {
        double[] logs = new double[BETS];
        for (int b = 0; b < BETS; b++) {
            double c = bet(b);
            double product = 1;
            for (RaterScore score : scores) {
                double x = (mirrored ? score.mirrored() : score).careful(m);
                product *= 1 - c + c * x / m;
                if (product < SMALL || product > LARGE) {
                    logs[b] += Math.log(product);
                    product = 1;
                }
            }
            logs[b] += Math.log(product);
        }
        return logs;
    }

    /** The logarithm of the mean capital after the same scores came so many times. */
    private static double mean(double[] logs, double times) {
        double top = Double.NEGATIVE_INFINITY;
        for (double log : logs) {
            top = Math.max(top, times * log);
        }
        double sum = 0;
        for (double log : logs) {
            sum += Math.exp(times * log - top) / BETS;
        }
        return top + Math.log(sum);
    }

    /** The largest m that is ruled out; the capital falls as m grows. */
    private double edge(boolean mirrored) {
        double enough = Math.log(2 / alpha);
        double out = 0;
        double in = 1;
        for (int i = 0; i < HALVINGS; i++) {
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
