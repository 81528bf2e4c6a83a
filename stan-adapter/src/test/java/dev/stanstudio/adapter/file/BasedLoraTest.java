package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters that began with the model's own weights, as PEFT 0.21 adds them to the model. */
class BasedLoraTest {
    private static final String Q = "transformer_blocks.0.attn.to_q";
    private static final String STEM = "base_model.model." + Q;

    /**
     * Its largest singular part is [[3.5, 3.5], [3.5, 3.5]]; the first of Q R [[3, 2.88], [4,
     * 3.84]].
     */
    private static final float[] WEIGHT = {3, 4, 4, 3};

    @TempDir private Path folder;

    @SuppressWarnings("ArrayRecordComponent")
    private record Base(float[] weight) implements Weights {
        @Override
        public Set<String> names() {
            return Set.of(Q + ".weight");
        }

        @Override
        public long[] shape(String name) {
            return new long[] {2, 2};
        }

        @Override
        public DType dtype(String name) {
            return DType.FP32;
        }

        @Override
        public Tensor open(Scope scope, String name) {
            assertEquals(Q + ".weight", name);
            return Tensors.of(scope, weight, 2, 2);
        }

        @Override
        public String origin() {
            return "the model";
        }
    }

    /** A = [1, 2], B = [3, 4]ᵀ. */
    private LoraFile adapter(String start, double alpha) {
        Samples.json(
                folder.resolve("adapter_config.json"),
                Map.of("r", 1, "lora_alpha", alpha, "init_lora_weights", start));
        Samples.write(
                folder.resolve("adapter_model.safetensors"),
                Map.of(),
                List.of(
                        Samples.tensor(
                                STEM + ".lora_A.weight", StoredType.F32, new float[] {1, 2}, 1, 2),
                        Samples.tensor(
                                STEM + ".lora_B.weight",
                                StoredType.F32,
                                new float[] {3, 4},
                                2,
                                1)));
        return LoraFile.open(folder);
    }

    private static float[] change(AdapterSource source) {
        ProjectionPart part = source.part(Q);
        try (Scope scope = Scope.open("test")) {
            float[] a = source.open(scope, Q, part.encoder()).toFloats();
            float[] b = source.open(scope, Q, String.valueOf(part.decoder())).toFloats();
            int rank = (int) part.features();
            float[] sum = new float[4];
            for (int i = 0; i < 4; i++) {
                for (int r = 0; r < rank; r++) {
                    sum[i] += (float) part.scale() * b[i / 2 * rank + r] * a[r * 2 + i % 2];
                }
            }
            return sum;
        }
    }

    /**
     * Worked out by hand: W + scale · (B·A − B₀·A₀), with the first factors of QR or the SVD of W.
     */
    @ParameterizedTest
    @CsvSource({
        "pissa, 2, 2.5, 8.5, 4.5, 12.5",
        "pissa, 0.5, -2, -0.5, -1.5, 0.5",
        "olora, 2, 0, 6.24, 0, 8.32",
        "OLoRA, -1, 0, -3.12, 0, -4.16"
    })
    void itsChangeIsWithoutWhatItBeganWith(
            String start, double alpha, float a, float b, float c, float d) {
        try (LoraFile file = adapter(start, alpha)) {
            assertArrayEquals(
                    new float[] {a, b, c, d},
                    change(LoraSource.of(file).on(new Base(WEIGHT))),
                    1e-5f);
        }
    }

    @Test
    void othersAreTheSameOnAnyModel() {
        try (LoraFile file = adapter("gaussian", 1)) {
            LoraSource source = LoraSource.of(file);
            assertSame(source, source.on(new Base(WEIGHT)));
        }
    }

    @Test
    void withoutAModelItIsRefused() {
        try (LoraFile file = adapter("pissa", 2);
                Scope scope = Scope.open("test")) {
            for (UserException refused :
                    List.of(
                            assertThrows(
                                    UserException.class,
                                    () -> LoraSource.of(file).open(scope, Q, "lora_A")),
                            assertThrows(UserException.class, () -> file.adapter().up(scope, Q)))) {
                assertTrue(refused.getMessage().contains("init_lora_weights is 'pissa'"));
            }
        }
    }

    @Test
    void whatPeftCannotBeginWithIsRefused() {
        try (LoraFile file = adapter("pissa", -1);
                Scope scope = Scope.open("test")) {
            AdapterSource source = LoraSource.of(file).on(new Base(WEIGHT));
            assertTrue(
                    assertThrows(UserException.class, () -> source.open(scope, Q, "lora_A"))
                            .getMessage()
                            .contains("no pissa of rank 1 and scale -1.0 begins in"));
        }
        try (LoraFile file = adapter("olora", 1);
                Scope scope = Scope.open("test")) {
            AdapterSource source =
                    LoraSource.of(file).on(new Base(new float[] {1, Float.NaN, 0, 1}));
            assertTrue(
                    assertThrows(UserException.class, () -> source.open(scope, Q, "lora_A"))
                            .getMessage()
                            .contains("of the model holds numbers that are not finite"));
        }
    }
}
