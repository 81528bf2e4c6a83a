package dev.stanstudio.adapter.project;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.testing.Goldens;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Decoders that agree, parts of one product, several adapters on it. */
class ProjectionListsBuilderTest {
    private static final String BLOCK = "transformer_blocks.0.";
    private static final long WIDTH = 12;

    private static Tensor draw(Scope scope, long seed, long... shape) {
        return RandomSource.seeded(scope, seed).normal(scope, shape, DType.FP32);
    }

    private static Tensor cast(Scope scope, Tensor tensor, DType dtype) {
        return Tensors.to(scope, tensor, Device.CPU, dtype);
    }

    @ParameterizedTest
    @CsvSource({
        "FP32, 64, 7, 1e-5",
        "FP32, 512, 1, 1e-5",
        "BF16, 64, 7, 6e-2",
        "FP16, 64, 7, 1e-2"
    })
    void decodersAgree(DType dtype, int l, int k, double bound) {
        try (Scope scope = Scope.open("test")) {
            // Rounded to eighths, so that scores tie often, zeros of both signs among them.
            Tensor coarse =
                    Tensors.combine(
                            scope, new double[] {8}, List.of(draw(scope, 1, 40, l)), DType.FP32);
            Tensor whole = Tensors.to(scope, coarse, Device.CPU, DType.INT32);
            Tensor a = Tensors.combine(scope, new double[] {-0.125}, List.of(whole), DType.FP32);
            Tensor d = cast(scope, draw(scope, 2, 24, l), dtype);
            for (Selection selection : Selection.values()) {
                Tensor first = stan(scope, cast(scope, a, dtype), d, k, selection, Decoder.MASKED);
                for (Decoder decoder : Decoder.values()) {
                    Tensor own = stan(scope, cast(scope, a, dtype), d, k, selection, decoder);
                    Goldens.compare(dtype + " " + selection + " " + decoder, own, first, bound * k);
                }
            }
        }
    }

    private static Tensor stan(
            Scope scope, Tensor a, Tensor d, int k, Selection selection, Decoder decoder) {
        return StanGoldensTest.PROGRAM.call(
                scope, "stan", a, d, k, 1.0, selection.code(), decoder.code(), 1);
    }

    @Test
    void singleColumnsAreReadOnlyWhereFewAreKept() {
        assertEquals(Decoder.THRESHOLD, decoder(96, 512));
        assertEquals(Decoder.GATHER, decoder(32, 4096));
        assertEquals(Decoder.THRESHOLD, decoder(6, 32));
    }

    private static Decoder decoder(int k, int l) {
        return Decoder.of(new TopK(l, k, 1, Selection.VALUE, 0));
    }

    /** W0 = 0 and b = 0, so that what comes out is the change. */
    private static Tensor change(Scope scope, ProjectionListsBuilder changes, Tensor x) {
        Tensor w = Tensors.zeros(scope, new long[] {3 * WIDTH, WIDTH}, DType.FP32, Device.CPU);
        Tensor b = Tensors.zeros(scope, new long[] {3 * WIDTH}, DType.FP32, Device.CPU);
        return StanGoldensTest.PROGRAM.call(scope, "alone", x, w, b, changes.build(scope).block(0));
    }

    private static Tensor product(Scope scope, Tensor x, Tensor w) {
        return StanGoldensTest.PROGRAM.call(scope, "plain", x, w);
    }

    private static Tensor rows(Scope scope, Tensor h, int third) {
        return Tensors.narrow(scope, h, 1, third * WIDTH, (third + 1) * WIDTH);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void queriesAndValuesChangeAndKeysDoNot(boolean trained) {
        try (Scope scope = Scope.open("test")) {
            Tensor x = draw(scope, 1, 5, WIDTH);
            ProjectionListsBuilder changes = new ProjectionListsBuilder(1, trained);
            Lora lora = new Lora(2, 4, false, false, Map.of("attn.to_v", 3), Map.of());
            Tensor[] a = {draw(scope, 2, 2, WIDTH), draw(scope, 3, 3, WIDTH)};
            Tensor[] b = {draw(scope, 4, WIDTH, 2), draw(scope, 5, WIDTH, 3)};
            String[] modules = {BLOCK + "attn.to_q", BLOCK + "attn.to_v"};
            for (int i : new int[] {1, 0}) {
                ProjectionPart part = lora.part(modules[i], WIDTH, WIDTH);
                changes.add(0, 0.5, new OpenPart(modules[i], WIDTH, part, a[i], b[i], null));
            }
            Tensor h = change(scope, changes, x);
            double[] scale = {4.0 / 2 * 0.5, 4.0 / 3 * 0.5};
            for (int i = 0; i < 2; i++) {
                Tensor wanted =
                        Tensors.combine(
                                scope,
                                new double[] {scale[i]},
                                List.of(product(scope, product(scope, x, a[i]), b[i])),
                                DType.FP32);
                Goldens.compare(modules[i], rows(scope, h, 2 * i), wanted, 2e-5);
            }
            assertArrayEquals(new float[60], rows(scope, h, 1).toFloats());
        }
    }

    @Test
    void adaptersOfAllKindsAddUp() {
        try (Scope scope = Scope.open("test")) {
            Tensor x = draw(scope, 1, 5, WIDTH);
            String module = BLOCK + "attn.to_k";
            Tensor e = draw(scope, 2, 4, WIDTH);
            Tensor d = draw(scope, 3, WIDTH, 4);
            Tensor gate = Tensors.of(scope, new float[] {0, 1, 0, -2}, 4, 1);
            Tensor delta = draw(scope, 4, WIDTH, WIDTH);
            Tensor mask = Tensors.zeros(scope, new long[] {WIDTH, WIDTH}, DType.FP32, Device.CPU);
            AdaLora ada = new AdaLora(4, 2, 8, new AdaLora.Schedule(0, 0, 1), 0.85, 0.85, 0.5);
            SparseMask sparse = new SparseMask(500, 1, true, 10);
            Stan tied = Stan.of(4, 4).tiedDecoder();
            ProjectionListsBuilder changes = new ProjectionListsBuilder(1, false);
            changes.add(0, 1, part(module, ada, e, d, gate));
            changes.add(1, 1, part(module, sparse, delta, null, mask));
            changes.add(2, 1, part(module, tied, e, null, null));
            Tensor h = rows(scope, change(scope, changes, x), 1);
            Tensor kept = Tensors.of(scope, new float[] {0, 1, 0, -2}, 4);
            Tensor gated = StanGoldensTest.PROGRAM.call(scope, "gate", product(scope, x, e), kept);
            Tensor et = StanGoldensTest.PROGRAM.call(scope, "turned", e);
            Tensor wanted =
                    Tensors.combine(
                            scope,
                            new double[] {8 / (4 + 1e-5), 0.25},
                            List.of(
                                    product(scope, gated, d),
                                    product(scope, product(scope, x, e), et)),
                            DType.FP32);
            Goldens.compare("three adapters", h, wanted, 1e-4);
        }
    }

    private static OpenPart part(
            String module, AdapterKind kind, Tensor e, @Nullable Tensor d, @Nullable Tensor gate) {
        return new OpenPart(module, WIDTH, kind.part(module, WIDTH, WIDTH), e, d, gate);
    }

    @Test
    void aWeightOfZeroAddsNothingAtAll() {
        try (Scope scope = Scope.open("test")) {
            ProjectionListsBuilder changes = new ProjectionListsBuilder(1, false);
            ProjectionPart part = Lora.of(2, 2).part(BLOCK + "attn.to_q", WIDTH, WIDTH);
            Tensor nan = Tensors.of(scope, new float[] {Float.NaN}, 1);
            changes.add(0, 0, new OpenPart(BLOCK + "attn.to_q", WIDTH, part, nan, nan, null));
            assertArrayEquals(
                    new float[36 * 5], change(scope, changes, draw(scope, 1, 5, WIDTH)).toFloats());
        }
    }

    @Test
    void whatCannotChangeAtRunTimeIsNamed() {
        try (Scope scope = Scope.open("test")) {
            Tensor t = draw(scope, 1, 2, 2);
            ProjectionPart part = Lora.of(2, 2).part("pos_embed.proj", 2, 2);
            UserException thrown =
                    assertThrows(
                            UserException.class,
                            () ->
                                    new ProjectionListsBuilder(1, false)
                                            .add(
                                                    0,
                                                    1,
                                                    new OpenPart(
                                                            "pos_embed.proj",
                                                            2,
                                                            part,
                                                            t,
                                                            t,
                                                            null)));
            assertTrue(thrown.getMessage().contains("pos_embed.proj"), thrown::getMessage);
        }
    }

    /** As torch's dropout: a share at 0, the rest divided by what is left, the mean kept. */
    @Test
    void someInputsAreLeftOutByTheirSeed() {
        try (Scope scope = Scope.open("dropout")) {
            float[] ones = new float[8000];
            Arrays.fill(ones, 1);
            Tensor x = Tensors.of(scope, ones, 2, 40, 100);
            float[] some = some(scope, x, 5, 9, 0.2f);
            int dropped = 0;
            for (float value : some) {
                assertTrue(value == 0 || value == 1.25f, () -> "a number became " + value);
                dropped += value == 0 ? 1 : 0;
            }
            assertEquals(0.2, dropped / 8000.0, 0.03);
            assertArrayEquals(some, some(scope, x, 5, 9, 0.2f));
            assertFalse(Arrays.equals(some, some(scope, x, 5, 8, 0.2f)));
            assertFalse(Arrays.equals(some, some(scope, x, 4, 9, 0.2f)));
            assertArrayEquals(ones, some(scope, x, 5, 9, 0));
        }
    }

    private static float[] some(Scope scope, Tensor x, float upper, float lower, float share) {
        Tensor dropout = Tensors.of(scope, new float[] {upper, lower, share}, 3);
        return ProjectionListsBuilder.program().call(scope, "some_inputs", x, dropout).toFloats();
    }
}
