package dev.stanstudio.scoring.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResampledSetsTest {
    private static final PoissonWeights WEIGHTS = new PoissonWeights(400, 0);

    private static float[][] set(long seed, int n, double shift) {
        Random random = new Random(seed);
        float[][] rows = new float[n][6];
        for (float[] row : rows) {
            for (int k = 0; k < row.length; k++) {
                row[k] = (float) (random.nextGaussian() + shift);
            }
        }
        return rows;
    }

    private static List<byte[]> weights(int n) {
        return IntStream.range(0, n)
                .mapToObj(i -> WEIGHTS.of(PoissonWeights.unit("picture " + i)))
                .toList();
    }

    @Test
    void valuesAreThoseOfThePlainMetrics() {
        float[][] a = set(1, 30, 0.5);
        float[][] b = set(2, 20, 0);
        List<byte[]> often = weights(30);
        assertEquals(KernelDistance.kid(a, b), ResampledSets.kid(a, b, often).value(), 1e-9);
        assertEquals(KernelDistance.cmmd(a, b), ResampledSets.cmmd(a, b, often).value(), 1e-9);
        assertEquals(1 - Cosines.meanPairwise(a), ResampledSets.diversity(a, often).value(), 1e-12);
    }

    @Test
    void intervalsHoldTheValueAndTellDifferentSetsApart() {
        float[][] references = set(3, 60, 0);
        Estimate near = ResampledSets.kid(set(4, 60, 0), references, weights(60));
        Estimate far = ResampledSets.kid(set(5, 60, 1.5), references, weights(60));
        assertTrue(near.low() < near.value() && near.value() < near.high(), near.toString());
        assertTrue(far.low() > near.high(), far + " and " + near);
        assertEquals(60, far.n());
    }
}
