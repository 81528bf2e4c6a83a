package dev.stanstudio.scoring.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.scoring.metric.Vectors;
import org.junit.jupiter.api.Test;

class FeaturesTest {
    private static final TowerId ID = new TowerId("dino", "vit", "00", "fp16");

    @Test
    void unitRowsHaveLengthOneAndTheirOldDirection() {
        float[][] rows = {{3, -4}, {1e-30f, 0}, {1e30f, 0}};
        float[][] expected = {{0.6f, -0.8f}, {1, 0}, {1, 0}};
        assertArrayEquals(expected, Vectors.units(rows));
        assertEquals(-4, rows[0][1], "the rows themselves stay");
    }

    @Test
    void aRowWithoutDirectionIsRefused() {
        float[][] rows = {{1, 0}, {0, 0}};
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Vectors.units(rows));
        assertEquals("feature row 1 has length 0", refusal.getMessage());
    }

    @Test
    void anOverflowNamesModelAndPrecision() {
        try (Scope scope = Scope.open("test")) {
            Tensor good = Tensors.of(scope, new float[] {1, 2, 3, 4}, 2, 2);
            assertArrayEquals(new float[][] {{1, 2}, {3, 4}}, Features.rows(good, ID));
            Tensor bad = Tensors.of(scope, new float[] {1, Float.POSITIVE_INFINITY}, 1, 2);
            UserException refusal = assertThrows(UserException.class, () -> Features.rows(bad, ID));
            assertEquals(
                    "dino gives features that are no finite numbers in fp16; use fp32, or fetch the"
                            + " weights again",
                    refusal.getMessage());
        }
    }
}
