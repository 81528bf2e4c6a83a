package dev.stanstudio.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Matrices move by the momentum made orthogonal, everything else by AdamW. */
class MuonTest {
    private static final double RATE = 0.01;
    private static final AdamW.Settings MUON = new AdamW.Settings(0.9, 0.99, 1e-8, 0, 0, 2);
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.99, 1e-8, 0, 0);

    private static Tensor draw(Scope scope, long seed, long... shape) {
        return RandomSource.seeded(scope, seed).normal(scope, shape, DType.FP32);
    }

    /** Returns the change of each parameter by one update, by name. */
    private static Map<String, float[]> moves(AdamW.Settings settings, long... matrix) {
        Map<String, float[]> moves = new TreeMap<>();
        try (Scope scope = Scope.open("muon")) {
            Map<String, Tensor> start = new TreeMap<>();
            start.put("bias", Tensors.zeros(scope, new long[] {5}, DType.FP32, Device.CPU));
            start.put("weight", Tensors.zeros(scope, matrix, DType.FP32, Device.CPU));
            try (ParameterSet parameters = ParameterSet.of(Device.CPU, start);
                    AdamW optimizer = new AdamW(parameters, settings)) {
                List<Tensor> gradients = List.of(draw(scope, 1, 5), draw(scope, 2, matrix));
                optimizer.update(gradients, RATE);
                parameters.byName().forEach((name, value) -> moves.put(name, value.toFloats()));
            }
        }
        return moves;
    }

    /** Of M with rows r: the entries of M·Mᵀ. */
    private static double[][] gram(float[] m, int rows) {
        int columns = m.length / rows;
        double[][] gram = new double[rows][rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                for (int k = 0; k < columns; k++) {
                    gram[i][j] += (double) m[i * columns + k] * m[j * columns + k];
                }
            }
        }
        return gram;
    }

    @Test
    void matricesMoveByNearlyOrthogonalSteps() {
        // A convolution [8, 4, 3, 3] is a matrix of 8 rows and 36 columns.
        float[] move = moves(MUON, 8, 4, 3, 3).getOrDefault("weight", new float[0]);
        double[][] gram = gram(move, 8);
        double worst = 0;
        for (int i = 0; i < 8; i++) {
            assertEquals(1, Math.sqrt(gram[i][i]) / (2 * RATE), 0.35);
            for (int j = 0; j < i; j++) {
                worst = Math.max(worst, Math.abs(gram[i][j]) / gram[i][i]);
            }
        }
        System.out.println("largest cosine between rows of a step: " + worst);
        assertTrue(worst < 0.35, "rows are " + worst + " alike");
    }

    @Test
    void tallMatricesMoveFurther() {
        float[] move = moves(MUON, 36, 9).getOrDefault("weight", new float[0]);
        double sum = 0;
        for (float value : move) {
            sum += value * value;
        }
        // Nine singular values near 1, stretched by the root of 36 / 9.
        assertEquals(2 * RATE * 2 * 3, Math.sqrt(sum), 0.35 * 2 * RATE * 2 * 3);
    }

    @Test
    void everythingElseMovesByAdamW() {
        float[] muon = moves(MUON, 8, 4).getOrDefault("bias", new float[0]);
        float[] adam = moves(ADAM, 8, 4).getOrDefault("bias", new float[0]);
        assertArrayEquals(adam, muon);
    }

    @Test
    void aRateThatIsNoNumberIsRefused() {
        assertThrows(
                ArgumentException.class,
                () -> new AdamW.Settings(0.9, 0.99, 1e-8, 0, 0, Double.NaN));
    }
}
