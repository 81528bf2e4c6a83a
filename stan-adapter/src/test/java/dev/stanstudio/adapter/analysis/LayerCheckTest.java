package dev.stanstudio.adapter.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.project.Selection;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of appendix A on matrices whose numbers are known. */
class LayerCheckTest {
    private static final float[] ZERO = new float[6];
    private static final String LAYER = "transformer_blocks.0.attn.to_q";

    @TempDir private Path folder;

    private LayerCheck check(String name, float[] e, float[] d, int l, int n) {
        return check(name, Stan.of(l, 2).withSelection(Selection.MAGNITUDE), e, d, l, n);
    }

    private LayerCheck check(String name, Stan kind, float[] e, float[] d, int l, int n) {
        try (AdapterFile file = AdapterFile.open(written(name, kind, e, d, l, n))) {
            return LayerCheck.of(file).get(0);
        }
    }

    private Path written(String name, Stan kind, float[] e, float[] d, int l, int n) {
        Path out = folder.resolve(name);
        try (Scope scope = Scope.open("test")) {
            AdapterFolder.write(
                    out,
                    AdapterRecord.of(
                            kind, Map.of(LAYER, new long[] {n, n}), "model", "f00d", Map.of()),
                    Map.of(
                            LAYER + ".stan_E.weight",
                            Tensors.of(scope, e, l, n),
                            LAYER + ".stan_D.weight",
                            Tensors.of(scope, d, n, l)),
                    List.of());
        }
        return out;
    }

    /** Theorem 2: another order and other positive scales are the same features. */
    @Test
    void featuresOfTwoSeedsAreMatched() {
        Path one = written("one", Stan.of(2, 1), new float[] {1, 2, 0, 3, 0, 1}, ZERO, 2, 3);
        Path turned = written("turned", Stan.of(2, 1), new float[] {6, 0, 2, 2, 4, 0}, ZERO, 2, 3);
        Path negated =
                written("negated", Stan.of(2, 1), new float[] {-1, -2, 0, 3, 0, 1}, ZERO, 2, 3);
        try (AdapterFile first = AdapterFile.open(one);
                AdapterFile second = AdapterFile.open(turned);
                AdapterFile third = AdapterFile.open(negated)) {
            LayerMatch same = LayerMatch.of(first, second).get(0);
            assertEquals(1, same.meanBest(), 1e-6);
            assertEquals(1, same.mutual());
            assertEquals(1, same.same());
            assertTrue(same.chance() < 0.95, "chance " + same.chance());
            LayerMatch half = LayerMatch.of(first, third).get(0);
            assertEquals(0.5, half.same());
            assertTrue(half.meanBest() < 0.8, "best " + half.meanBest());
        }
    }

    @Test
    void layersWithOtherInputsAreNotMatched() {
        Path one = written("three", Stan.of(2, 1), new float[6], ZERO, 2, 3);
        Path two = written("four", Stan.of(2, 1), new float[8], new float[8], 2, 4);
        try (AdapterFile first = AdapterFile.open(one);
                AdapterFile second = AdapterFile.open(two)) {
            UserException refused =
                    assertThrows(UserException.class, () -> LayerMatch.of(first, second));
            assertTrue(refused.getMessage().contains("3 inputs"), refused::getMessage);
        }
    }

    @Test
    void anIdentityMeetsEveryCondition() {
        float[] one = {1, 0, 0, 0, 1, 0, 0, 0, 1};
        LayerCheck check = check("identity", one, one, 3, 3);
        assertEquals(3, check.carriers());
        assertEquals(1, check.smallestMargin());
        assertEquals(1, check.positiveMargins());
        assertEquals(0, check.meanIdentityError());
        // With the layer's 1/k = 1/2 half of e_p is missing.
        assertEquals(0.5, check.scaledIdentityError());
        assertEquals(0, check.orthonormality());
    }

    @Test
    void marginsAreOfMagnitudesAndTiesHaveNone() {
        // Columns: |−3| beats 1 by 2; 2 ties with −2; 0.5 beats 0 by 0.5.
        float[] e = {-3, 2, 0, 1, -2, 0.5f};
        float[] d = {-1f / 3, 0, 0, 0, 0, 2};
        LayerCheck check = check("margins", e, d, 2, 3);
        assertEquals(0, check.smallestMargin());
        assertEquals(0.5, check.medianMargin());
        assertEquals(2 / 3.0, check.positiveMargins(), 1e-12);
        // p = 0 and 2 are reproduced; for p = 1 the answer is 2·(−1/3, 0, 0), off by (−2/3, −1, 0).
        double error = Math.hypot(2 / 3.0, 1);
        assertEquals(error, check.largestIdentityError(), 1e-6);
        assertEquals(error / 3, check.meanIdentityError(), 1e-6);
        // EEᵀ − I = [12, −7; −7, 4.25]
        double off = Math.sqrt(12 * 12 + 2 * 7 * 7 + 4.25 * 4.25);
        assertEquals(off, check.orthonormality(), 1e-5);
        assertEquals(off / Math.sqrt(2), check.relativeOrthonormality(), 1e-5);
    }

    /** With E as above: 1 beats −3 by 4, 2 beats −2 by 4, 0.5 beats 0 by 0.5. */
    @Test
    void marginsAreOfValuesWhereTheLayerRanksByValue() {
        float[] e = {-3, 2, 0, 1, -2, 0.5f};
        float[] d = {0, 1, 0.5f, 0, 0, 2};
        Stan kind = Stan.of(2, 1);
        LayerCheck value = check("value", kind, e, d, 2, 3);
        assertEquals(0.5, value.smallestMargin());
        assertEquals(4, value.medianMargin());
        assertEquals(1, value.positiveMargins());
        LayerCheck relu = check("relu", kind.withSelection(Selection.RELU), e, d, 2, 3);
        assertEquals(0.5, relu.smallestMargin());
        assertEquals(1, relu.medianMargin());
    }

    /** A row that is never positive is active for no coordinate of a rectifying layer. */
    @Test
    void rectifiedLayerHasNoMarginWhereNothingIsPositive() {
        Stan kind = Stan.of(2, 1).withSelection(Selection.RELU);
        LayerCheck check = check("none", kind, new float[] {-1, 1, -2, 0}, new float[4], 2, 2);
        assertEquals(0, check.smallestMargin());
        assertEquals(0.5, check.positiveMargins());
    }

    /** With k = 1 the layer gives e_p back; with k = 2 the second feature adds what it carries. */
    @Test
    void layerItselfIsRunOnEveryCoordinate() {
        float[] e = {1, 0.5f, 0.25f, 1};
        float[] d = {1, 0, 0, 1};
        LayerCheck one = check("one", Stan.of(2, 1), e, d, 2, 2);
        assertEquals(0, one.meanIdentityError());
        assertEquals(0, one.layerError());
        LayerCheck two = check("two", Stan.of(2, 2), e, d, 2, 2);
        assertEquals(0, two.meanIdentityError());
        // ΔW e_0 = (1, 0.25) / 2 and ΔW e_1 = (0.5, 1) / 2.
        double first = Math.hypot(0.5, 0.125);
        double second = Math.hypot(0.25, 0.5);
        assertEquals((first + second) / 2, two.layerError(), 1e-6);
    }

    @Test
    void aLoraHasNothingToCheck() {
        try (AdapterFile file = AdapterFile.open(Samples.diffusers(folder, LAYER))) {
            UserException thrown = assertThrows(UserException.class, () -> LayerCheck.of(file));
            assertTrue(thrown.getMessage().contains("no STAN"), thrown::getMessage);
        }
    }
}
