package dev.stanstudio.adapter.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.LoraFile;
import dev.stanstudio.adapter.file.LoraFormat;
import dev.stanstudio.adapter.file.LoraTarget;
import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.file.StoredTensors;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.merge.Conversion.Format;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversionTest {
    private static final String Q = "transformer_blocks.0.attn.to_q";
    private static final String V = "transformer_blocks.1.attn.to_v";

    @TempDir private Path folder;

    /** Two modules of different ranks, types and α, which need patterns. */
    private Path uneven(int width) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        add(tensors, Q, width, 2, StoredType.BF16, 3);
        add(tensors, V, width, 4, StoredType.F32, 1.5f);
        return Samples.write(folder.resolve("uneven.safetensors"), Map.of(), tensors);
    }

    private static void add(
            List<SafetensorsWriter.Tensor> tensors,
            String module,
            int width,
            int rank,
            StoredType type,
            float alpha) {
        String stem = "transformer." + module;
        float[] a = Samples.numbers(rank, rank, width);
        float[] b = Samples.numbers(rank + 1L, width, rank);
        tensors.add(Samples.tensor(stem + ".lora_A.weight", type, a, rank, width));
        tensors.add(Samples.tensor(stem + ".lora_B.weight", type, b, width, rank));
        tensors.add(Samples.tensor(stem + ".alpha", StoredType.F32, new float[] {alpha}));
    }

    private Path convert(Path in, Format format, String out) {
        Path to = folder.resolve(out);
        Conversion.write(in, format, to, null);
        return to;
    }

    private static void assertSame(Path one, Path two) {
        try (LoraFile before = LoraFile.open(one);
                LoraFile after = LoraFile.open(two);
                Scope scope = Scope.open("test")) {
            assertEquals(before.adapter().targets().keySet(), after.adapter().targets().keySet());
            before.adapter()
                    .targets()
                    .forEach(
                            (module, target) -> {
                                assertEquals(target, after.adapter().targets().get(module));
                                assertBits(
                                        before.adapter().down(scope, module),
                                        after.adapter().down(scope, module));
                                assertBits(
                                        before.adapter().up(scope, module),
                                        after.adapter().up(scope, module));
                            });
        }
    }

    private static void assertBits(Tensor one, Tensor two) {
        assertEquals(one.dtype(), two.dtype());
        assertArrayEquals(one.shape(), two.shape());
        assertArrayEquals(one.toBytes(), two.toBytes());
    }

    @Test
    void thereAndBackKeepsEveryBit() throws IOException {
        Path in = uneven(8);
        Path peft = convert(in, Format.PEFT, "peft");
        assertSame(in, peft);
        Path again = convert(peft, Format.PEFT, "again");
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            assertArrayEquals(
                    Files.readAllBytes(peft.resolve(name)),
                    Files.readAllBytes(again.resolve(name)),
                    name);
        }
        try (LoraFile one = LoraFile.open(peft)) {
            assertEquals(LoraFormat.PEFT, one.format());
        }
    }

    /**
     * Modules of one, of q alone, of k and v of other ranks, and with halves that change places.
     */
    @Test
    void kohyasNamesHoldTheSameChange() {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        add(tensors, Q, 8, 2, StoredType.BF16, 3);
        add(tensors, "transformer_blocks.1.attn.add_k_proj", 8, 4, StoredType.F32, 1.5f);
        add(tensors, V.replace("to_v", "add_v_proj"), 8, 3, StoredType.F16, 3);
        add(tensors, "transformer_blocks.1.attn2.to_out.0", 8, 2, StoredType.F32, 4);
        for (String norm :
                List.of("transformer_blocks.1.norm1_context.linear", "norm_out.linear")) {
            float[] a = Samples.numbers(9, 2, 16);
            String stem = "transformer." + norm;
            tensors.add(Samples.tensor(stem + ".lora_A.weight", StoredType.F32, a, 2, 16));
            tensors.add(
                    Samples.tensor(
                            stem + ".lora_B.weight",
                            StoredType.F32,
                            Samples.numbers(7, 32, 2),
                            32,
                            2));
        }
        Path in = Samples.write(folder.resolve("in.safetensors"), Map.of(), tensors);
        Path out = convert(in, Format.KOHYA, "kohya");
        try (LoraFile before = LoraFile.open(in);
                LoraFile after = LoraFile.open(out)) {
            assertEquals(LoraFormat.KOHYA, after.format());
            assertEquals(9, after.adapter().targets().size(), "q, k and v come together");
            after.adapter()
                    .targets()
                    .forEach(
                            (module, target) -> {
                                float[] change = change(after, target);
                                LoraTarget own = before.adapter().targets().get(module);
                                float[] wanted =
                                        own == null
                                                ? new float[change.length]
                                                : change(before, own);
                                assertArrayEquals(wanted, change, 1e-5f, module);
                            });
            assertTrue(
                    after.adapter()
                            .targets()
                            .keySet()
                            .containsAll(before.adapter().targets().keySet()));
        }
    }

    /** Scale · B · A, row by row. */
    private static float[] change(LoraFile file, LoraTarget target) {
        try (Scope scope = Scope.open("change")) {
            float[] a = numbers(scope, file.adapter().down(scope, target.module()));
            float[] b = numbers(scope, file.adapter().up(scope, target.module()));
            int rank = (int) target.rank();
            int columns = a.length / rank;
            float[] change = new float[b.length / rank * columns];
            for (int i = 0; i < change.length; i++) {
                double sum = 0;
                for (int r = 0; r < rank; r++) {
                    sum += (double) b[i / columns * rank + r] * a[r * columns + i % columns];
                }
                change[i] = (float) (target.scale() * sum);
            }
            return change;
        }
    }

    private static float[] numbers(Scope scope, Tensor tensor) {
        return Tensors.to(scope, tensor, Device.CPU, DType.FP32).toFloats();
    }

    @Test
    void moduleWithoutANameOfKohyasIsRefused() {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        add(tensors, "transformer_blocks.0.attn.norm_q", 8, 2, StoredType.F32, 2);
        Path in = Samples.write(folder.resolve("odd.safetensors"), Map.of(), tensors);
        UserException refused =
                assertThrows(UserException.class, () -> convert(in, Format.KOHYA, "odd"));
        assertTrue(refused.getMessage().contains("norm_q"), refused::getMessage);
        assertFalse(Files.exists(folder.resolve("odd")));
    }

    /** Readers of diffusers' file that look at no metadata take α for r: the scale is in B. */
    private static void assertFolded(Path one, Path two) {
        try (LoraFile before = LoraFile.open(one);
                LoraFile after = LoraFile.open(two);
                Scope scope = Scope.open("test")) {
            assertEquals(LoraFormat.DIFFUSERS, after.format());
            assertEquals(before.adapter().targets().keySet(), after.adapter().targets().keySet());
            before.adapter()
                    .targets()
                    .forEach((module, target) -> assertFolded(scope, before, after, target));
        }
    }

    private static void assertFolded(
            Scope scope, LoraFile before, LoraFile after, LoraTarget target) {
        String module = target.module();
        LoraTarget folded = after.adapter().targets().get(module);
        assertEquals(1, folded.scale(), 0, module);
        assertEquals((double) folded.rank(), folded.alpha(), 0, module);
        assertBits(before.adapter().down(scope, module), after.adapter().down(scope, module));
        Tensor b = before.adapter().up(scope, module);
        if (target.scale() == 1) {
            assertBits(b, after.adapter().up(scope, module));
            return;
        }
        float[] numbers = Tensors.to(scope, b, Device.CPU, DType.FP32).toFloats();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (numbers[i] * target.scale());
        }
        assertArrayEquals(numbers, after.adapter().up(scope, module).toFloats(), module);
    }

    @Test
    void alphaSurvivesReadersThatLookAtNoMetadata() {
        Path in = uneven(8);
        Path whole = convert(in, Format.DIFFUSERS, "diffusers");
        assertFolded(in, whole);
        Path bare = folder.resolve("bare/pytorch_lora_weights.safetensors");
        try (LoraFile file = LoraFile.open(whole);
                Scope scope = Scope.open("bare")) {
            List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
            for (String module : List.of(Q, V)) {
                String stem = "transformer." + module;
                tensors.add(
                        StoredTensors.of(
                                stem + ".lora_A.weight", file.adapter().down(scope, module)));
                tensors.add(
                        StoredTensors.of(
                                stem + ".lora_B.weight", file.adapter().up(scope, module)));
            }
            Samples.write(bare, Map.of(), tensors);
        }
        assertFolded(in, bare);
    }

    @ParameterizedTest
    @ValueSource(strings = {"peft", "diffusers", "diffusers-alpha", "kohya.safetensors"})
    void theReferencesFilesStayWhatTheyAre(String name) {
        Path in = Goldens.path("lora/" + name);
        Path peft = convert(in, Format.PEFT, "as-peft");
        Path diffusers = convert(peft, Format.DIFFUSERS, "as-diffusers");
        assertSame(in, peft);
        assertFolded(in, diffusers);
    }

    @Test
    void aFolderIsBoundToItsModel() {
        try (ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null)) {
            Path out = folder.resolve("bound");
            Path in = uneven(64);
            assertThrows(
                    ArgumentException.class, () -> Conversion.write(in, Format.FOLDER, out, null));
            Conversion.write(in, Format.FOLDER, out, source);
            assertSame(in, out);
            try (AdapterFile file = AdapterFile.open(out)) {
                Map<String, long[]> modules = TargetModules.of(source.transformerConfig());
                assertEquals(2, file.match(modules, source.fingerprint()).matched().size());
                assertThrows(UserException.class, () -> file.match(modules, "f00d"));
            }
        }
    }

    @Test
    void whatIsNoLoraOfTheTransformerIsRefused() {
        Path text =
                Samples.write(
                        folder.resolve("text.safetensors"),
                        Map.of(),
                        Samples.pair(
                                "text_encoder.layer", 2, 8, 8, ".lora_A.weight", ".lora_B.weight"));
        UserException refused =
                assertThrows(UserException.class, () -> convert(text, Format.PEFT, "none"));
        assertTrue(refused.getMessage().contains("no module"), refused::getMessage);
        assertFalse(Files.exists(folder.resolve("none")));
        assertThrows(ArgumentException.class, () -> Format.of("lycoris"));
    }
}
