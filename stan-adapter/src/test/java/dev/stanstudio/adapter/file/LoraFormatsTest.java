package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Properties that the files of three programs share once they are read. */
class LoraFormatsTest {
    @TempDir private Path folder;
    private ThreeFormats formats;

    @BeforeEach
    void chooseFolder() {
        formats = new ThreeFormats(folder);
    }

    private static Map<String, List<Float>> numbers(LoraAdapter adapter) {
        Map<String, List<Float>> numbers = new LinkedHashMap<>();
        try (Scope scope = Scope.open("test")) {
            for (String module : adapter.targets().keySet()) {
                numbers.put(module + " A", list(adapter.down(scope, module).toFloats()));
                numbers.put(module + " B", list(adapter.up(scope, module).toFloats()));
            }
        }
        return numbers;
    }

    private static List<Float> list(float[] values) {
        List<Float> list = new ArrayList<>();
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    @Test
    void allThreeHoldTheSameTargetsAndNumbers() {
        try (LoraFile peft = formats.peft();
                LoraFile diffusers = formats.diffusers();
                LoraFile kohya = formats.kohya((float) ThreeFormats.ALPHA, StoredType.F32)) {
            assertEquals(
                    List.of(LoraFormat.PEFT, LoraFormat.DIFFUSERS, LoraFormat.KOHYA),
                    List.of(peft.format(), diffusers.format(), kohya.format()));
            assertEquals(23, peft.adapter().targets().size());
            assertEquals(peft.adapter().targets(), diffusers.adapter().targets());
            assertEquals(peft.adapter().targets(), kohya.adapter().targets());
            Map<String, List<Float>> expected = numbers(peft.adapter());
            assertEquals(expected, numbers(diffusers.adapter()));
            assertEquals(expected, numbers(kohya.adapter()));
        }
    }

    @Test
    void targetsKeepModuleShapeAndScale() {
        try (LoraFile peft = formats.peft()) {
            LoraTarget target = peft.adapter().targets().get("transformer_blocks.1.ff.net.0.proj");
            assertArrayEquals(new long[] {32, 8}, target.weightShape());
            assertEquals(ThreeFormats.RANK, target.rank());
            assertEquals(ThreeFormats.ALPHA, target.alpha());
            assertEquals(1.5, target.scale());
            try (Scope scope = Scope.open("test")) {
                assertArrayEquals(
                        ThreeFormats.up(target.module(), 32),
                        peft.adapter().up(scope, target.module()).toFloats());
            }
        }
    }

    @Test
    void storedNumbersAreCountedOnce() {
        try (LoraFile peft = formats.peft();
                LoraFile kohya = formats.kohya(1, StoredType.F32)) {
            int sharedTwice = 3 * 2 * ThreeFormats.RANK * ThreeFormats.WIDTH;
            assertEquals(kohya.parameters() + sharedTwice, peft.parameters());
        }
    }

    @Test
    void alphaOfZeroAndOfHalfPrecisionIsUnderstood() {
        try (LoraFile zero = formats.kohya(0, StoredType.F32)) {
            assertScale(1, zero);
        }
        try (LoraFile half = formats.kohya(0.5f, StoredType.F16)) {
            assertScale(0.25, half);
        }
    }

    private static void assertScale(double scale, LoraFile file) {
        assertEquals(
                Map.of(scale, 23L),
                file.adapter().targets().values().stream()
                        .collect(Collectors.groupingBy(LoraTarget::scale, Collectors.counting())));
    }

    @Test
    void withoutMetadataAlphaIsTheRank() {
        Path file = Samples.diffusers(folder, "transformer_blocks.0.attn.to_q");
        try (LoraFile lora = LoraFile.open(file.getParent())) {
            assertEquals(
                    List.of(2.0),
                    lora.adapter().targets().values().stream().map(LoraTarget::alpha).toList());
            assertEquals(Optional.empty(), lora.baseModel());
        }
    }

    @Test
    void theBaseModelIsTheOneTheFileNames() {
        try (LoraFile peft = formats.peft();
                LoraFile kohya = formats.kohya(1, StoredType.F32)) {
            assertEquals(Optional.of("tiny"), peft.baseModel());
            assertEquals(Optional.of("tiny"), kohya.baseModel());
        }
    }

    @Test
    void theTensorsOfAPeftFolderFindTheirConfig() {
        formats.peft().close();
        try (LoraFile file = LoraFile.open(folder.resolve("peft/adapter_model.safetensors"))) {
            assertEquals(LoraFormat.PEFT, file.format());
            assertScale(1.5, file);
        }
    }

    @Test
    void textEncodersAndStrangersAreReported() {
        String down = ".lora_A.weight";
        String up = ".lora_B.weight";
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        tensors.addAll(
                Samples.pair("transformer.transformer_blocks.0.attn.to_q", 2, 8, 8, down, up));
        tensors.addAll(Samples.pair("text_encoder.text_model.q_proj", 2, 4, 4, down, up));
        tensors.addAll(Samples.pair("text_encoder_2.text_model.q_proj", 2, 4, 4, down, up));
        tensors.addAll(Samples.pair("unet.down.attn", 2, 4, 4, down, up));
        tensors.add(Samples.random("position_ids", 3));
        try (LoraFile file = LoraFile.open(write("mixed.safetensors", tensors))) {
            assertEquals(1, file.adapter().targets().size());
            assertEquals(
                    Map.of(
                            "text_encoder", List.of("text_model.q_proj"),
                            "text_encoder_2", List.of("text_model.q_proj")),
                    file.textEncoders());
            assertEquals(
                    List.of("position_ids", "unet.down.attn" + down, "unet.down.attn" + up),
                    file.unknownKeys());
        }
    }

    @Test
    void kohyaTextEncodersAndUnknownModulesAreReported() {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (String stem :
                List.of("lora_te1_a_q_proj", "lora_te3_b_wo", "lora_unet_input_blocks_1_proj")) {
            tensors.addAll(Samples.pair(stem, 2, 4, 4, ".lora_down.weight", ".lora_up.weight"));
        }
        try (LoraFile file = LoraFile.open(write("te.safetensors", tensors))) {
            assertEquals(LoraFormat.KOHYA, file.format());
            assertEquals(
                    Map.of(
                            "text_encoder", List.of("a_q_proj"),
                            "text_encoder_3", List.of("b_wo")),
                    file.textEncoders());
            assertEquals(2, file.unknownKeys().size());
            assertTrue(file.adapter().targets().isEmpty());
        }
    }

    private Path write(String name, List<SafetensorsWriter.Tensor> tensors) {
        return Samples.write(folder.resolve(name), Map.of(), tensors);
    }

    @Test
    void theHashIsOfTheFile() {
        try (LoraFile one = LoraFile.open(Samples.diffusers(folder, "norm_out.linear"))) {
            String before = one.sha256();
            assertTrue(before.matches("[0-9a-f]{64}"), before);
            try (LoraFile other = LoraFile.open(Samples.diffusers(folder, "proj_out"))) {
                assertNotEquals(before, other.sha256());
            }
        }
    }
}
