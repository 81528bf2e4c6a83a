package dev.stanstudio.adapter.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.merge.MergeMethod.Rule;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The merges of {@link MergeMethod}, worked out by hand. */
class MergeFormulasTest {
    private static final String MODULE = "proj_out";
    private static final long[] SHAPE = {2, 2};
    private static final float[] ONE = {1, -2, 0, 4};
    private static final float[] TWO = {3, 1, 0, -1};
    private static final float[] THREE = {0, 0, 0, 2};

    private final List<Tensor> opened = new ArrayList<>();

    /** A change given number by number. */
    private final class Given implements AdapterSource {
        private final float[] values;

        Given(float[] values) {
            this.values = values;
        }

        @Override
        public String name() {
            return "given";
        }

        @Override
        public String sha256() {
            return "00";
        }

        @Override
        public Map<String, long[]> modules() {
            return Map.of(MODULE, SHAPE);
        }

        @Override
        public ProjectionPart part(String module) {
            return ProjectionPart.dense(2, "delta");
        }

        @Override
        public Tensor open(Scope scope, String module, String tensor) {
            opened.forEach(earlier -> assertTrue(earlier.isClosed(), "two are open at once"));
            Tensor given = Tensors.of(scope, values, SHAPE);
            opened.add(given);
            return given;
        }
    }

    private float[] merge(MergeMethod method, float[]... changes) {
        List<Expert> experts = new ArrayList<>();
        for (float[] change : changes) {
            experts.add(new Expert(new Given(change), 1));
        }
        try (Scope scope = Scope.open("test")) {
            return Merge.change(scope, method, MODULE, experts, experts.size(), SHAPE).toFloats();
        }
    }

    @Test
    void sumsAndMeans() {
        assertArrayEquals(
                new float[] {2, -0.5f, 0, 2.5f},
                merge(new MergeMethod(Rule.TASK_ARITHMETIC, 0.5, 1), ONE, TWO, THREE));
        assertArrayEquals(
                new float[] {4f / 3, -1f / 3, 0, 5f / 3},
                merge(new MergeMethod(Rule.MEAN, 1, 1), ONE, TWO, THREE),
                1e-6f);
    }

    /** The first number is changed by two of three, the last by all. */
    @Test
    void theOverlapMeanDividesByThoseWhoChangeTheNumber() {
        assertArrayEquals(
                new float[] {2, -0.5f, 0, 5f / 3},
                merge(new MergeMethod(Rule.OVERLAP_MEAN, 1, 1), ONE, TWO, THREE),
                1e-6f);
    }

    /**
     * Half of four numbers is two: ONE keeps −2 and 4; TWO keeps 3 and both of size 1; THREE keeps
     * its 2. The signs of the sum [3, −1, 0, 5] choose 3, −2, and 4 with 2.
     */
    @Test
    void tiesTrimsElectsAndAveragesThoseThatAgree() {
        assertArrayEquals(
                new float[] {3, -2, 0, 3},
                merge(new MergeMethod(Rule.TIES, 1, 0.5), ONE, TWO, THREE));
        assertArrayEquals(
                new float[] {1, -1, 0, 1.5f},
                merge(new MergeMethod(Rule.TIES, 0.5, 1), ONE, TWO, THREE));
    }

    @Test
    void opposedChangesOfEqualSizeCancelInTies() {
        assertArrayEquals(
                new float[] {0, 0, 0, 0},
                merge(
                        new MergeMethod(Rule.TIES, 1, 1),
                        new float[] {1, -2, 0, 4},
                        new float[] {-1, 2, 0, -4}));
    }

    /** One change is open at a time, however many are merged. */
    @Test
    void twentyExpertsNeedTheMemoryOfOne() {
        float[][] experts = new float[20][];
        for (int i = 0; i < 20; i++) {
            experts[i] = new float[] {i, -i, i % 2, 1};
        }
        assertArrayEquals(
                new float[] {9.5f, -9.5f, 0.5f, 1},
                merge(new MergeMethod(Rule.MEAN, 1, 1), experts),
                1e-6f);
        // The zero of the first does not count.
        assertArrayEquals(
                new float[] {10, -10, 1, 1},
                merge(new MergeMethod(Rule.OVERLAP_MEAN, 1, 1), experts),
                1e-6f);
        assertEquals(40, opened.size());
    }

    /** Of two changes at right angles each keeps 1/√2 in the sum, of equal ones all. */
    @Test
    void theStudyTellsWhatIsLeftOfEach() {
        Expert one = new Expert(new Given(new float[] {3, 0, 0, 0}), 1);
        Expert other = new Expert(new Given(new float[] {0, 3, 0, 0}), 1);
        Expert again = new Expert(new Given(new float[] {3, 0, 0, 0}), 1);
        MergeStudy study = new MergeStudy(List.of(one, other, again));
        List<MergeStudy.Row> rows = study.measure(MergeMethod.SUM, List.of(1, 2, 3));
        assertEquals(1, rows.get(0).meanCosine(), 1e-6);
        assertEquals(Math.sqrt(0.5), rows.get(1).meanCosine(), 1e-6);
        assertEquals(Math.sqrt(2), rows.get(1).size(), 1e-6);
        assertEquals(1 / Math.sqrt(5), rows.get(2).leastCosine(), 1e-6);
        assertEquals(Math.sqrt(5), rows.get(2).size(), 1e-6);
        assertThrows(ArgumentException.class, () -> study.measure(MergeMethod.SUM, List.of(4)));
    }

    @Test
    void numbersThatCannotWorkAreRefused() {
        assertThrows(ArgumentException.class, () -> new MergeMethod(Rule.TIES, 1, 0));
        assertThrows(ArgumentException.class, () -> new MergeMethod(Rule.MEAN, Double.NaN, 1));
        ArgumentException unknown = assertThrows(ArgumentException.class, () -> Rule.of("average"));
        assertTrue(unknown.getMessage().contains("overlap-mean"), unknown::getMessage);
    }
}
