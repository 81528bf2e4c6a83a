package dev.stanstudio.adapter.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Appendix F by hand: two noise levels, four tokens, three features, two styles. */
class FeatureTotalsTest {
    private static final long TOKENS = 4;

    /** Of each level: activations, active tokens, keeping tokens of three features. */
    private static final float[] FIRST = {
        8, 1, 0, 2, 1, 0, 2, 1, 0,
        0, 3, 0, 0, 3, 0, 1, 4, 0
    };

    private static final float[] SECOND = {
        0, 4, 0, 0, 4, 0, 0, 4, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    private static List<FeatureStatistics> statistics(SampleUnit unit) {
        FeatureTotals totals = new FeatureTotals(3, 2, 1, unit);
        totals.add(0, 0, FIRST, TOKENS);
        totals.add(1, 1, SECOND, TOKENS);
        return totals.statistics(new float[] {1, 2, 0, 0.5f, -0.25f, 0});
    }

    @Test
    void tokensCountOneByOne() {
        List<FeatureStatistics> all = statistics(SampleUnit.TOKEN);
        FeatureStatistics first = all.get(0);
        assertEquals(2 / 16.0, first.frequency());
        assertEquals(4.0, first.mean());
        assertEquals(0.0, first.entropy());
        assertEquals(List.of(1.0, 0.0), first.shares());
        FeatureStatistics second = all.get(1);
        assertEquals(8 / 16.0, second.frequency());
        assertEquals(1.0, second.mean());
        assertEquals(Math.log(2), second.entropy());
        assertEquals(2, second.pictures());
        assertEquals(2, second.nearest());
        assertEquals(-0.25, second.cosine());
        assertEquals(1, second.top().size());
        assertEquals(0, second.top().get(0).picture(), "of equals the first");
    }

    @Test
    void picturesAndNoiseLevelsAreMeans() {
        FeatureStatistics image = statistics(SampleUnit.IMAGE).get(0);
        assertEquals(0.5, image.frequency());
        assertEquals(1.0, image.mean());
        FeatureStatistics level = statistics(SampleUnit.TIMESTEP).get(0);
        assertEquals(0.25, level.frequency());
        assertEquals(2.0, level.mean());
    }

    @Test
    void aFeatureNobodyKeepsIsDead() {
        FeatureStatistics dead = statistics(SampleUnit.TOKEN).get(2);
        assertTrue(dead.dead());
        assertEquals(0, dead.frequency());
        assertNull(dead.mean());
        assertNull(dead.entropy());
        assertEquals(List.of(), dead.top());
    }
}
