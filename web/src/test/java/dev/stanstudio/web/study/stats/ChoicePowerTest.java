package dev.stanstudio.web.study.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.scoring.metric.Holm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.hipparchus.distribution.continuous.GammaDistribution;
import org.junit.jupiter.api.Test;

/** The number of raters for choices among three and more. */
class ChoicePowerTest {
    private static final double SHARE = 0.65;
    private static final double CORRELATION = 0.2;
    private static final int PICKS = 20;

    @Test
    void twoMethodsAreAPair() {
        ChoicePower two = new ChoicePower(2, SHARE, PICKS, CORRELATION);
        assertEquals(1, two.deciding(), 1e-12);
        assertEquals(
                new RaterPower(SHARE, PICKS, CORRELATION).raters(0.05, 0.8), two.raters(0.05, 0.8));
        assertEquals(1 / 1.35, new ChoicePower(3, SHARE, PICKS, 0.2).deciding(), 1e-12);
    }

    /** Raters with tastes of a Dirichlet distribution, whose pairs correlate as the plan says. */
    private static double found(int methods, int raters, int studies) {
        Random random = new Random(11);
        double sum = SHARE + (1 - SHARE) * (methods - 1);
        // Of a Dirichlet distribution a pair is Beta with the sum of both parameters.
        double total = (1 / CORRELATION - 1) * sum;
        int ahead = 0;
        for (int s = 0; s < studies; s++) {
            int[][] picks = new int[raters][methods];
            for (int[] own : picks) {
                double[] taste = taste(random, methods, total / sum);
                for (int v = 0; v < PICKS; v++) {
                    own[pick(random, taste)]++;
                }
            }
            ahead += isAheadOfAll(picks) ? 1 : 0;
        }
        return (double) ahead / studies;
    }

    private static double[] taste(Random random, int methods, double scale) {
        double[] taste = new double[methods];
        double sum = 0;
        for (int m = 0; m < methods; m++) {
            double shape = (m == 0 ? SHARE : 1 - SHARE) * scale;
            taste[m] =
                    new GammaDistribution(shape, 1)
                            .inverseCumulativeProbability(random.nextDouble());
            sum += taste[m];
        }
        for (int m = 0; m < methods; m++) {
            taste[m] /= sum;
        }
        return taste;
    }

    private static int pick(Random random, double[] taste) {
        double left = random.nextDouble();
        for (int m = 0; m < taste.length; m++) {
            left -= taste[m];
            if (left < 0) {
                return m;
            }
        }
        return taste.length - 1;
    }

    private static boolean isAheadOfAll(int[][] picks) {
        int methods = picks[0].length;
        List<Double> p = new ArrayList<>();
        boolean ahead = true;
        for (int a = 0; a < methods; a++) {
            for (int b = a + 1; b < methods; b++) {
                List<RaterVotes> votes = new ArrayList<>();
                for (int[] own : picks) {
                    if (own[a] + own[b] > 0) {
                        votes.add(new RaterVotes(own[a], own[a] + own[b]));
                    }
                }
                SignFlips test = new SignFlips(votes);
                p.add(test.p(0.5));
                ahead &= a > 0 || test.share() > 0.5;
            }
        }
        double[] holm = Holm.adjust(p);
        for (int pair = 0; pair < methods - 1; pair++) {
            ahead &= holm[pair] <= 0.05;
        }
        return ahead;
    }

    @Test
    void theBestOfThreeIsFoundAheadOfBothInSimulatedStudies() {
        int raters = new ChoicePower(3, SHARE, PICKS, CORRELATION).raters(0.05, 0.8);
        int before = new RaterPower(SHARE, PICKS * 2.0 / 3, CORRELATION).raters(0.05 / 3, 0.8);
        double now = found(3, raters, 250);
        double then = found(3, before, 250);
        System.out.printf(
                "ahead of both: %.2f of studies with %d raters, %.2f with the %d of a pair%n",
                now, raters, then, before);
        assertTrue(now >= 0.75, "found in " + now);
        assertTrue(then < now, "a pair's plan finds it in " + then);
    }
}
