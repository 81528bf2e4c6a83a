package dev.stanstudio.scoring.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.hipparchus.distribution.continuous.TDistribution;
import org.junit.jupiter.api.Test;

/** Means whose pictures come from several trainings. */
class TrainingEstimateTest {
    private static final double LEVEL = 0.05;
    private static final int PROMPTS = 24;

    /** Values of trainings (rows) on the same prompts (columns). */
    private static TrainingMean mean(double[][] values, int replicates, long seed) {
        Draws.Source draws = new Draws.Source(new PoissonWeights(replicates, seed));
        TrainingMean mean = new TrainingMean(replicates);
        for (int t = 0; t < values.length; t++) {
            for (int p = 0; p < values[t].length; p++) {
                mean.add(values[t][p], draws.of(PoissonWeights.unit("prompt " + p), "seed " + t));
            }
        }
        return mean;
    }

    /** The values of docs/reference/trainings.py, and what statsmodels and scipy say of them. */
    @Test
    void agreesWithStatsmodels() {
        double[][] values = new double[5][40];
        for (int t = 0; t < 5; t++) {
            for (int p = 0; p < 40; p++) {
                values[t][p] =
                        0.3 * Math.sin(7 * t + 1)
                                + 0.5 * Math.sin(3 * p + 2)
                                + Math.sin(11 * t * t + 5 * p + t * p)
                                + 0.2;
            }
        }
        TrainingEstimate found = mean(values, 4000, 0).estimate();
        assertEquals(0.339713, found.estimate().value(), 1e-6);
        assertEquals(0.235126, found.deviation(), 1e-6);
        assertEquals(5, found.trainings());
        double half = (found.estimate().high() - found.estimate().low()) / 2;
        // OLS clustered by training and prompt; the variance over prompts is a bootstrap's here.
        double few = 0.114344 * new TDistribution(4).inverseCumulativeProbability(0.975);
        double many = 0.114344 * new TDistribution(199).inverseCumulativeProbability(0.975);
        System.out.printf("half width %.4f, t with 4: %.4f, with 199: %.4f%n", half, few, many);
        assertTrue(half < few * 1.03 && half > many, "half width " + half);
        // t of the trainings' means alone has p 0.032 and 4 degrees of freedom.
        assertTrue(found.p() > 0.005 && found.p() < 0.05, "p " + found.p());
        double wide = found.bootstrap().high() - found.bootstrap().low();
        assertTrue(wide / 2 > 0.105152 && wide / 2 < few, "bootstrap " + wide / 2);
    }

    /** Shares of experiments without a difference in which each way finds one at 5 %. */
    private static double[] errors(int trainings, double between, int experiments) {
        Random random = new Random(5);
        int[] wrong = new int[2];
        for (int e = 0; e < experiments; e++) {
            double[][] values = new double[trainings][PROMPTS];
            double[] prompts = random.doubles(PROMPTS).map(u -> 1.2 * (u - 0.5)).toArray();
            double[] all = new double[trainings * PROMPTS];
            for (int t = 0; t < trainings; t++) {
                double own = between * random.nextGaussian();
                for (int p = 0; p < PROMPTS; p++) {
                    values[t][p] = own + prompts[p] + random.nextGaussian();
                    all[t * PROMPTS + p] = values[t][p];
                }
            }
            wrong[0] += mean(values, 200, e).estimate().p() < LEVEL ? 1 : 0;
            wrong[1] += PairedTest.p(all, new double[all.length]) < LEVEL ? 1 : 0;
        }
        return new double[] {wrong[0] / (double) experiments, wrong[1] / (double) experiments};
    }

    @Test
    void withSpreadBetweenTrainingsTheErrorStaysNearFivePercent() {
        for (int trainings : List.of(3, 5, 8)) {
            double[] error = errors(trainings, 0.6, 1000);
            System.out.printf(
                    "%d trainings: %.3f by training, %.3f by pair%n",
                    trainings, error[0], error[1]);
            assertTrue(error[0] < 0.075 && error[0] > 0.02, "by training " + error[0]);
            assertTrue(error[1] > 0.3, "by pair " + error[1]);
        }
    }

    @Test
    void withoutSpreadItIsCarefulAndTwoTrainingsSayLittle() {
        assertTrue(errors(4, 0, 600)[0] < 0.06);
        assertTrue(errors(2, 0.6, 600)[0] < 0.075);
    }

    @Test
    void manyTrainingsGoByTheBootstrap() {
        double[] error = errors(TrainingEstimate.MANY, 0.6, 400);
        System.out.printf("%d trainings: %.3f%n", TrainingEstimate.MANY, error[0]);
        assertTrue(error[0] < 0.1, "by the bootstrap " + error[0]);
        double[][] values = new double[TrainingEstimate.MANY][PROMPTS];
        for (int t = 0; t < values.length; t++) {
            for (int p = 0; p < PROMPTS; p++) {
                values[t][p] = Math.sin(31 * t + p * p) + 2;
            }
        }
        TrainingEstimate found = mean(values, 1000, 0).estimate();
        assertEquals(found.bootstrap(), found.estimate());
        assertTrue(found.p() < 0.01, "p " + found.p());
    }

    @Test
    void oneTrainingIsAsBeforeAndHasNoTest() {
        double[][] values = {{1, 2, 3, 4, 7}};
        TrainingEstimate found = mean(values, 500, 3).estimate();
        ResampledMean plain = new ResampledMean(500);
        PoissonWeights weights = new PoissonWeights(500, 3);
        for (int p = 0; p < 5; p++) {
            plain.add(values[0][p], weights.of(PoissonWeights.unit("prompt " + p)));
        }
        assertEquals(plain.estimate(), found.estimate());
        assertTrue(Double.isNaN(found.p()));
        assertNull(found.deviation());
        assertEquals(1, found.trainings());
    }

    @Test
    void theOrderOfThePicturesDoesNotMatter() {
        double[][] values = {{1, 5, 2, 4}, {3, 2, 6, 1}, {2, 2, 9, 5}};
        TrainingEstimate one = mean(values, 300, 1).estimate();
        Draws.Source draws = new Draws.Source(new PoissonWeights(300, 1));
        TrainingMean turned = new TrainingMean(300);
        for (int p = 3; p >= 0; p--) {
            for (int t = 2; t >= 0; t--) {
                turned.add(values[t][p], draws.of(PoissonWeights.unit("prompt " + p), "seed " + t));
            }
        }
        TrainingEstimate other = turned.estimate();
        assertNotNull(one.bootstrap());
        assertEquals(one.estimate().low(), other.estimate().low(), 1e-9);
        assertEquals(one.bootstrap().low(), other.bootstrap().low(), 1e-9);
        assertEquals(one.p(), other.p(), 1e-9);
    }
}
