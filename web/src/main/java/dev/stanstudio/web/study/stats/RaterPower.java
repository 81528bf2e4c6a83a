package dev.stanstudio.web.study.stats;

import org.hipparchus.distribution.continuous.ChiSquaredDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * Computes the number of raters that a study needs. Raters differ: the share that one of them would
 * give over very many votes has variance ρ·p·(1 − p) around the share p of all, with ρ the
 * intraclass correlation (for shares spread as Beta(a, b), ρ = 1 / (a + b + 1)). The share that a
 * rater shows in m votes then has variance p (1 − p) (ρ + (1 − ρ) / m), however many votes there
 * are, and the raters' shares are tested against 1/2 by Student's t, which the test by {@link
 * SignFlips} comes close to.
 *
 * @param share the share to be found, other than 1/2
 * @param votesPerRater decisive votes of a rater on the pair
 * @param correlation ρ, from 0 (votes are independent) to below 1
 */
public record RaterPower(double share, double votesPerRater, double correlation) {
    /** Assumed unless another is named: Beta(2, 2), tastes that differ plainly. */
    public static final double DEFAULT_CORRELATION = 0.2;

    /** More are not looked for. */
    public static final int MOST = 100_000;

    private static final NormalDistribution NORMAL = new NormalDistribution();
    private static final int STEPS = 400;
    private static final double END = 1e-10;

    /** Checks the numbers. */
    public RaterPower {
        if (!(share > 0 && share < 1 && share != 0.5)) {
            throw new IllegalArgumentException("no number of raters tells " + share + " from 1/2");
        }
        if (!(votesPerRater >= 1 && correlation >= 0 && correlation < 1)) {
            throw new IllegalArgumentException(
                    votesPerRater + " votes a rater and a correlation of " + correlation);
        }
    }

    /** The intraclass correlation of raters whose shares are spread as Beta(a, a). */
    public static double ofBeta(double a) {
        return 1 / (2 * a + 1);
    }

    /** Returns the distance of the share from 1/2, in standard deviations of a rater's share. */
    public double effect() {
        double variance = share * (1 - share) * (correlation + (1 - correlation) / votesPerRater);
        return Math.abs(share - 0.5) / Math.sqrt(variance);
    }

    /** The probability that {@code raters} reject 1/2, two-sided; 0 with fewer than 2. */
    public double power(int raters, double alpha) {
        if (raters < 2) {
            return 0;
        }
        double freedom = raters - 1.0;
        double critical = new TDistribution(freedom).inverseCumulativeProbability(1 - alpha / 2);
        double shift = effect() * Math.sqrt(raters);
        ChiSquaredDistribution spread = new ChiSquaredDistribution(freedom);
        double from = Math.sqrt(spread.inverseCumulativeProbability(END));
        double to = Math.sqrt(spread.inverseCumulativeProbability(1 - END));
        double step = (to - from) / STEPS;
        double sum = 0;
        for (int i = 0; i <= STEPS; i++) {
            double chi = from + i * step;
            double weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
            double cut = critical * chi / Math.sqrt(freedom);
            double rejects =
                    NORMAL.cumulativeProbability(shift - cut)
                            + NORMAL.cumulativeProbability(-shift - cut);
            sum += weight * rejects * 2 * chi * spread.density(chi * chi);
        }
        return Math.min(1, sum * step / 3);
    }

    /**
     * The fewest raters, enough for a test by {@link SignFlips}, that reach {@code power}; {@link
     * #MOST} where more are needed. The power goes up with their number, so the search is by
     * halves.
     */
    public int raters(double alpha, double power) {
        int fewest = SignFlips.least(alpha);
        int enough = fewest;
        while (enough < MOST && power(enough, alpha) < power) {
            enough = Math.min(MOST, 2 * enough);
        }
        int least = enough == fewest ? enough : enough / 2;
        while (least < enough) {
            int middle = (least + enough) / 2;
            if (power(middle, alpha) < power) {
                least = middle + 1;
            } else {
                enough = middle;
            }
        }
        return enough;
    }
}
