package dev.stanstudio.scoring.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.testing.Goldens;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatsTest {
    private static final PoissonWeights WEIGHTS = new PoissonWeights(1000, 0);

    @Test
    void holmIsStatsmodels() {
        JsonNode all = Goldens.json("stats/corrections.json");
        double tolerance = all.path("tolerance").asDouble();
        int cases = 0;
        for (JsonNode one : all.path("cases")) {
            double[] expected = numbers(one.path("holm").path("adjusted"));
            assertArrayEquals(expected, Holm.adjust(numbers(one.path("p"))), tolerance);
            cases++;
        }
        assertTrue(cases > 3, cases + " cases");
    }

    private static double[] numbers(JsonNode list) {
        return IntStream.range(0, list.size()).mapToDouble(i -> list.get(i).asDouble()).toArray();
    }

    @Test
    void weightsArePoisson() {
        double sum = 0;
        double squares = 0;
        int zeros = 0;
        for (int i = 0; i < 100; i++) {
            for (byte weight : WEIGHTS.of(PoissonWeights.unit("unit " + i))) {
                sum += weight;
                squares += weight * weight;
                zeros += weight == 0 ? 1 : 0;
            }
        }
        int n = 100_000;
        System.out.printf("mean %.4f, zeros %.4f%n", sum / n, (double) zeros / n);
        assertEquals(1, sum / n, 0.02);
        assertEquals(2, squares / n, 0.05);
        assertEquals(Math.exp(-1), (double) zeros / n, 0.01);
    }

    @Test
    void weightsFollowFromTheNameAlone() {
        long unit = PoissonWeights.unit("a prompt");
        assertArrayEquals(WEIGHTS.of(unit), new PoissonWeights(1000, 0).of(unit));
        assertTrue(!Arrays.equals(WEIGHTS.of(unit), new PoissonWeights(1000, 1).of(unit)));
        assertTrue(!Arrays.equals(WEIGHTS.of(unit), WEIGHTS.of(unit + 1)));
    }

    /** The bootstrap's interval is as wide as theory says. */
    @Test
    void intervalsHaveTheWidthOfTheStandardError() {
        Random random = new Random(3);
        int n = 400;
        ResampledMean mean = new ResampledMean(1000);
        for (int i = 0; i < n; i++) {
            mean.add(random.nextGaussian(), WEIGHTS.of(PoissonWeights.unit("picture " + i)));
        }
        Estimate estimate = mean.estimate();
        double width = estimate.high() - estimate.low();
        System.out.printf("width %.4f, theory %.4f%n", width, 2 * 1.96 / Math.sqrt(n));
        assertEquals(2 * 1.96 / Math.sqrt(n), width, 0.03);
        assertTrue(estimate.low() < estimate.value() && estimate.value() < estimate.high());
    }

    /** A difference of two methods with much in common is surer than either. */
    @Test
    void methodsAreDrawnTogether() {
        Random random = new Random(4);
        ResampledMean a = new ResampledMean(1000);
        ResampledMean difference = new ResampledMean(1000);
        for (int i = 0; i < 100; i++) {
            double shared = random.nextGaussian();
            byte[] often = WEIGHTS.of(PoissonWeights.unit("picture " + i));
            a.add(shared, often);
            difference.add(shared + 0.1 - shared, often);
        }
        Estimate alone = a.estimate();
        Estimate paired = difference.estimate();
        assertTrue(paired.high() - paired.low() < 1e-9);
        assertTrue(alone.high() - alone.low() > 0.2);
    }

    @Test
    void onePictureHasNoInterval() {
        ResampledMean mean = new ResampledMean(1000);
        mean.add(0.5, WEIGHTS.of(7));
        assertEquals(0.5, mean.estimate().value());
        assertNull(mean.estimate().low());
        mean.add(0.7, WEIGHTS.of(8));
        assertNotNull(mean.estimate().low());
    }

    /**
     * Six pairs all on one side: 2 of 64 outcomes are as extreme (scipy.stats.wilcoxon: 0.03125).
     */
    @Test
    void fewPairsAreTestedExactly() {
        double[] a = {1.1, 2.2, 3.3, 4.4, 5.5, 6.6};
        double[] b = {1, 2, 3, 4, 5, 6};
        assertEquals(0.03125, PairedTest.p(a, b), 1e-9);
        assertEquals(PairedTest.p(a, b), PairedTest.p(b, a), 1e-12);
        assertTrue(Double.isNaN(PairedTest.p(b, b)), "equal methods cannot be told apart");
        double[] five = Arrays.copyOf(a, 5);
        assertTrue(Double.isNaN(PairedTest.p(five, Arrays.copyOf(b, 5))), "five pairs are too few");
    }

    @Test
    void manyPairsWithoutADifferenceGiveNoAlarm() {
        Random random = new Random(5);
        double[] a = random.doubles(200).toArray();
        double[] b = random.doubles(200).toArray();
        double p = PairedTest.p(a, b);
        assertTrue(p > 0.01 && p <= 1, "p " + p);
        double[] more = Arrays.stream(a).map(x -> x + 0.3).toArray();
        assertTrue(PairedTest.p(more, a) < 1e-6);
    }

    private static final double[][] DIFFERENCES = {
        {1, 1, 1, 1, 1, 1, -1, -1, -1, -1, 0, 0, 0},
        {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, 0, 0},
        {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1},
        {2, 3, -3, 3, 0, 1, 2, -1, 4, -3, -1, 0},
        {1, 0, -2, -3, -3, -3, -2, 4, -2, 2, 3, -2, -1, 0},
        {
            -2, 3, -2, 3, 2, 2, -3, -1, 1, 0, 1, 1, 1, -3, 3, 0, 3, -2, -1, 3, -2, -3, -1, 1, -3, 3,
            -1, -2, 0, 3, 3, 3, -1, -3, 2, 1, 2, -3, -3, 0
        },
        {0, -0.7, -0.1, -0.8, -1.1, 0.5, -0.8, 1.5, 1, -1.7, 0.6, -0.8, 0.3},
        {
            0.344, -1.688, 0.067, 0.044, 1.262, -0.881, 1.038, -0.799, -0.031, -0.54, 1.749, 0.868,
            2.732, 0.942, 1.145, 1.141, -0.307, 0.23, 1.65, -0.097, 0.489, 0.279, 0.909, -0.065,
            0.148, 0.542, 0.403, -0.565, 1.196, -0.998, -0.901
        },
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, -4, 5, 6, 7},
        {
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0,
            0, 0, 0
        }
    };

    /** scipy.stats.wilcoxon 1.17 with its defaults: equal differences, zeros, exact and not. */
    @Test
    void equalDifferencesAndZerosAreTestedAsScipyDoes() {
        double[] expected = {
            0.75390625,
            0.049534613435626706,
            0.05934643879191985,
            0.416015625,
            0.38245201630445547,
            0.7075499332961945,
            0.4697265625,
            0.055239553563296795,
            0.09096894797535775,
            0.03300625766123251
        };
        for (int i = 0; i < expected.length; i++) {
            double[] zeros = new double[DIFFERENCES[i].length];
            assertEquals(expected[i], PairedTest.p(DIFFERENCES[i], zeros), 1e-9, "case " + i);
        }
    }
}
