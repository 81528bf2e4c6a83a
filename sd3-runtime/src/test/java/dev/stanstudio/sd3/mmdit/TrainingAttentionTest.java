package dev.stanstudio.sd3.mmdit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptNone;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention over many tokens takes another way than over few; both have the same gradients. */
class TrainingAttentionTest {
    private static final Program PROGRAM = Kernels.training(false).alone();
    private static final Program SQUARES =
            Program.load(TrainingAttentionTest.class, "squares.ts.py");
    private static final int HEADS = 2;
    private static final int WIDTH = 16;

    @ParameterizedTest
    @ValueSource(ints = {511, 512, 700})
    void gradientsAreThoseOfPlainProducts(int tokens) {
        try (Scope scope = Scope.open("test")) {
            List<float[]> plain = gradients(scope, "attend_plainly", tokens);
            List<float[]> chosen = gradients(scope, "attend", tokens);
            for (int i = 0; i < plain.size(); i++) {
                double largest = 0;
                for (float value : plain.get(i)) {
                    largest = Math.max(largest, Math.abs(value));
                }
                assertTrue(largest > 0);
                assertArrayEquals(plain.get(i), chosen.get(i), (float) (1e-5 * largest));
            }
        }
    }

    private static List<float[]> gradients(Scope scope, String method, int tokens) {
        RandomSource random = RandomSource.seeded(scope, 7);
        List<Tensor> qkv = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Tensor drawn = random.normal(scope, new long[] {1, tokens, HEADS, WIDTH}, DType.FP32);
            qkv.add(Tensors.parameter(scope, drawn, Device.CPU, DType.FP32));
        }
        try (Autograd recording = Autograd.record()) {
            Tensor y =
                    PROGRAM.call(
                            scope,
                            method,
                            qkv.get(0),
                            qkv.get(1),
                            qkv.get(2),
                            ScriptNone.in(scope));
            TensorList parameters = Tensors.list(scope, qkv);
            Tensor loss = SQUARES.call(scope, "squares", y);
            return Tensors.gradients(scope, loss, parameters).stream()
                    .map(Tensor::toFloats)
                    .toList();
        }
    }
}
