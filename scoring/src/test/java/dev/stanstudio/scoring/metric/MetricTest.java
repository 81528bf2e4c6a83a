package dev.stanstudio.scoring.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Metrics of vectors whose scores can be worked out by hand. */
class MetricTest {
    private static final float[][] NONE = {};
    private static final float[][] EAST = {{2, 0}};
    private static final float[][] NORTH = {{0, 5}};
    private static final float[][] EAST_NORTH_WEST = {{1, 0}, {0, 3}, {-2, 0}};
    private static final float[][] WEST_EAST_NORTH = {{-2, 0}, {1, 0}, {0, 3}};

    @Test
    void pairsOfTextAndPicture() {
        double[] clipT = ClipScore.clipT(EAST_NORTH_WEST, new float[][] {{3, 0}, {1, 0}, {1, 0}});
        assertArrayEquals(new double[] {1, 0, -1}, clipT);
        assertArrayEquals(new double[] {2.5, 0, 0}, ClipScore.clipS(clipT));
        assertEquals(0, ClipScore.clipScore100(clipT));
        assertEquals(50, ClipScore.clipScore100(new double[] {1, 0}));
        assertEquals(0, ClipScore.clipScore100(new double[] {-1, 0}));
        assertEquals(0, ClipScore.clipT(NONE, NONE).length);
        assertThrows(IllegalArgumentException.class, () -> ClipScore.clipT(EAST, NONE));
        assertThrows(IllegalArgumentException.class, () -> ClipScore.clipScore100(new double[0]));
    }

    @Test
    void similarityToReferences() {
        ReferenceSimilarity one = ReferenceSimilarity.of(EAST, EAST_NORTH_WEST);
        assertEquals(List.of(0.0), one.perPicture());
        assertEquals(0, one.toCentroid(), 1e-15);
        assertEquals(1, one.nearest());
        ReferenceSimilarity other = ReferenceSimilarity.of(NORTH, WEST_EAST_NORTH);
        assertEquals(1 / 3.0, other.allPairs(), 1e-15);
        assertEquals(1, other.toCentroid(), 1e-15);
        assertThrows(IllegalArgumentException.class, () -> ReferenceSimilarity.of(NONE, EAST));
        assertThrows(IllegalArgumentException.class, () -> ReferenceSimilarity.of(EAST, NONE));
    }

    @Test
    void likenessWithinASet() {
        assertEquals(-1 / 3.0, Cosines.meanPairwise(EAST_NORTH_WEST), 1e-15);
        assertEquals(-1 / 3.0, Cosines.meanPairwise(WEST_EAST_NORTH), 1e-15);
        assertThrows(IllegalArgumentException.class, () -> Cosines.meanPairwise(EAST));
        float[][] zero = {{0, 0}};
        assertThrows(IllegalArgumentException.class, () -> Cosines.matrix(zero, EAST));
        float[][] wide = {{1, 2, 3}};
        assertThrows(IllegalArgumentException.class, () -> Cosines.matrix(wide, EAST));
        assertThrows(IllegalArgumentException.class, () -> Cosines.pairs(EAST, wide));
    }

    @Test
    void distancesOfSets() {
        float[][] easts = {{1, 0}, {1, 0}};
        float[][] norths = {{0, 1}, {0, 1}};
        // (1/2 + 1)³ within each set, (0 + 1)³ between them.
        assertEquals(2 * 3.375 - 2, KernelDistance.kid(easts, norths), 1e-12);
        assertEquals(0, KernelDistance.kid(easts, easts), 1e-12);
        // |x − y|² = 2 between normalised directions, whatever their lengths.
        double expected = 1000 * (2 - 2 * Math.exp(-2 / 200.0));
        assertEquals(expected, KernelDistance.cmmd(EAST, NORTH), 1e-9);
        assertEquals(0, KernelDistance.cmmd(EAST_NORTH_WEST, WEST_EAST_NORTH), 1e-9);
        assertThrows(IllegalArgumentException.class, () -> KernelDistance.kid(EAST, easts));
        assertThrows(IllegalArgumentException.class, () -> KernelDistance.cmmd(EAST, NONE));
    }
}
