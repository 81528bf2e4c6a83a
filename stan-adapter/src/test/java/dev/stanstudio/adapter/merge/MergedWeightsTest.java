package dev.stanstudio.adapter.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.LoraFile;
import dev.stanstudio.adapter.file.LoraSource;
import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.model.ModelSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedWeightsTest {
    private static final String PROJECTION = "transformer_blocks.1.attn.to_q";
    private static final String CONVOLUTION = "pos_embed.proj";
    private static final int RANK = 2;

    @TempDir private Path folder;

    /** A LoRA of a projection and of the patch convolution with α = 3, scale 1.5. */
    private LoraFile lora(StoredType type) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        float[] alpha = {3};
        add(tensors, "transformer." + PROJECTION, type, new long[] {2, 8}, new long[] {8, 2});
        add(
                tensors,
                "transformer." + CONVOLUTION,
                type,
                new long[] {2, 16, 2, 2},
                new long[] {8, 2, 1, 1});
        for (String module : List.of(PROJECTION, CONVOLUTION)) {
            tensors.add(Samples.tensor("transformer." + module + ".alpha", StoredType.F32, alpha));
        }
        return LoraFile.open(Samples.write(folder.resolve("lora.safetensors"), Map.of(), tensors));
    }

    private static void add(
            List<SafetensorsWriter.Tensor> tensors,
            String stem,
            StoredType type,
            long[] down,
            long[] up) {
        tensors.add(Samples.tensor(stem + ".lora_A.weight", type, Samples.numbers(1, down), down));
        tensors.add(Samples.tensor(stem + ".lora_B.weight", type, Samples.numbers(2, up), up));
    }

    private ModelSource model(StoredType type) {
        return ModelSource.open(Samples.model(folder.resolve("model"), type), null, null);
    }

    private static float[] read(Weights weights, String name) {
        try (Scope scope = Scope.open("test")) {
            return weights.open(scope, name).toFloats();
        }
    }

    /** W + factor · B · A by the definition, in double precision. */
    private static double[] sum(float[] w, double factor, int in, int out) {
        float[] a = Samples.numbers(1, RANK, in);
        float[] b = Samples.numbers(2, out, RANK);
        double[] sum = new double[w.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                double product = 0;
                for (int r = 0; r < RANK; r++) {
                    product += (double) b[o * RANK + r] * a[r * in + i];
                }
                sum[o * in + i] = w[o * in + i] + factor * product;
            }
        }
        return sum;
    }

    private static void assertClose(String what, double[] expected, float[] ours, double relative) {
        assertEquals(expected.length, ours.length);
        double worst = 0;
        for (int i = 0; i < ours.length; i++) {
            worst = Math.max(worst, Math.abs(expected[i] - ours[i]) / (1 + Math.abs(expected[i])));
        }
        System.out.printf(
                Locale.ROOT, "%-48s worst error %.2e (tolerance %.2e)%n", what, worst, relative);
        assertTrue(worst <= relative, what + " differs by " + worst);
    }

    @Test
    void projectionsAndConvolutionsAreAddedAsDefined() {
        try (ModelSource source = model(StoredType.F32);
                LoraFile lora = lora(StoredType.F32)) {
            Weights base = source.transformer();
            MergedWeights merged =
                    MergedWeights.of(
                            Samples.CONFIG,
                            base,
                            List.of(
                                    new Expert(LoraSource.of(lora), 0.5),
                                    new Expert(LoraSource.of(lora), -2)));
            double factor = 1.5 * (0.5 - 2);
            for (String name : List.of(PROJECTION, CONVOLUTION)) {
                int in = name.equals(PROJECTION) ? 8 : 64;
                float[] w = read(base, name + ".weight");
                assertClose(name, sum(w, factor, in, 8), read(merged, name + ".weight"), 1e-6);
                assertArrayEquals(base.shape(name + ".weight"), merged.shape(name + ".weight"));
            }
        }
    }

    @Test
    void othersAndWeightZeroStayToTheBit() {
        try (ModelSource source = model(StoredType.F32);
                LoraFile lora = lora(StoredType.F32)) {
            Weights base = source.transformer();
            MergedWeights full =
                    MergedWeights.of(
                            Samples.CONFIG, base, List.of(new Expert(LoraSource.of(lora), 1)));
            MergedWeights none =
                    MergedWeights.of(
                            Samples.CONFIG, base, List.of(new Expert(LoraSource.of(lora), 0)));
            assertEquals(base.names(), full.names());
            for (String name : base.names()) {
                float[] own = read(base, name);
                assertArrayEquals(own, read(none, name), name);
                boolean changed =
                        name.equals(PROJECTION + ".weight") || name.equals(CONVOLUTION + ".weight");
                assertEquals(!changed, java.util.Arrays.equals(own, read(full, name)), name);
            }
        }
    }

    @Test
    void narrowTypesAreSummedInFp32AndCastBack() {
        try (ModelSource source = model(StoredType.BF16);
                LoraFile lora = lora(StoredType.F32)) {
            Weights base = source.transformer();
            MergedWeights merged =
                    MergedWeights.of(
                            Samples.CONFIG, base, List.of(new Expert(LoraSource.of(lora), 1)));
            String name = PROJECTION + ".weight";
            assertEquals(DType.BF16, merged.dtype(name));
            try (Scope scope = Scope.open("test")) {
                assertEquals(DType.BF16, merged.open(scope, name).dtype());
            }
            assertRoundedOnce(sum(read(base, name), 1.5, 8, 8), read(merged, name), 8);
        }
    }

    @Test
    void eightBitFloatsAreSummedToo() {
        byte[] codes = new byte[64];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) i;
        }
        String name = PROJECTION + ".weight";
        Path file =
                Samples.write(
                        folder.resolve("fp8.safetensors"),
                        Map.of(),
                        List.of(
                                new SafetensorsWriter.Tensor(
                                        name,
                                        StoredType.F8_E4M3,
                                        List.of(8L, 8L),
                                        channel -> channel.write(ByteBuffer.wrap(codes)))));
        try (TensorFiles files = new TensorFiles();
                LoraFile lora = lora(StoredType.F32)) {
            Weights base =
                    StoredWeights.of(TensorCollection.open(file), files, UnaryOperator.identity());
            MergedWeights merged =
                    MergedWeights.of(
                            Samples.CONFIG, base, List.of(new Expert(LoraSource.of(lora), 1)));
            assertEquals(DType.FP8_E4M3, merged.dtype(name));
            assertRoundedOnce(sum(read(base, name), 1.5, 8, 8), read(merged, name), 4);
        }
    }

    /** Every number is within half a step of a type with {@code bits} of the exact sum. */
    private static void assertRoundedOnce(double[] exact, float[] ours, int bits) {
        for (int i = 0; i < ours.length; i++) {
            double half = Math.scalb(1.0, Math.max(Math.getExponent(exact[i]), -6) - bits);
            assertEquals(exact[i], ours[i], half * 1.001, "element " + i);
        }
    }

    @Test
    void factorsMayBeNarrowThemselves() {
        try (ModelSource source = model(StoredType.F32);
                LoraFile lora = lora(StoredType.F16)) {
            Weights base = source.transformer();
            MergedWeights merged =
                    MergedWeights.of(
                            Samples.CONFIG, base, List.of(new Expert(LoraSource.of(lora), 1)));
            String name = PROJECTION + ".weight";
            assertClose("fp16 factors", sum(read(base, name), 1.5, 8, 8), read(merged, name), 5e-3);
        }
    }

    @Test
    void whatDoesNotFitIsLeftOutAndReported() {
        Path file = Samples.diffusers(folder, PROJECTION, "proj_out", "blocks.7.to_q");
        try (ModelSource source = model(StoredType.F32);
                LoraFile lora = LoraFile.open(file)) {
            Weights base = source.transformer();
            MergedWeights merged =
                    MergedWeights.of(
                            Samples.CONFIG, base, List.of(new Expert(LoraSource.of(lora), 1)));
            assertEquals(List.of(PROJECTION), merged.reports().get(0).matched());
            assertEquals(3, merged.reports().get(0).total());
            assertArrayEquals(read(base, "proj_out.weight"), read(merged, "proj_out.weight"));
        }
    }

    @Test
    void anAdapterThatMatchesNothingIsRefused() {
        Path file = Samples.diffusers(folder, "transformer_blocks.30.attn.to_q");
        try (ModelSource source = model(StoredType.F32);
                LoraFile lora = LoraFile.open(file)) {
            List<Expert> adapters = List.of(new Expert(LoraSource.of(lora), 1));
            UserException refused =
                    assertThrows(
                            UserException.class,
                            () -> MergedWeights.of(Samples.CONFIG, source.transformer(), adapters));
            assertTrue(
                    refused.getMessage().contains("transformer_blocks.0.attn.to_q"),
                    refused.getMessage());
        }
    }
}
