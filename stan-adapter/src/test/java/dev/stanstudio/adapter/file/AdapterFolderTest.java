package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Revival;
import dev.stanstudio.adapter.kind.Sora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.adapter.kind.Width;
import dev.stanstudio.adapter.project.Form;
import dev.stanstudio.adapter.project.Selection;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdapterFolderTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, long[]> MODULES =
            TargetSelection.DEFAULT.select(Samples.CONFIG);

    @TempDir private Path folder;
    private int refused;

    static List<AdapterKind> kinds() {
        return List.of(
                Stan.of(16, 3),
                Stan.of(Width.expanded(1.5), 2)
                        .withSelection(Selection.MAGNITUDE)
                        .unscaled()
                        .tiedDecoder()
                        .withRevival(new Revival(4, 0.25, 1000))
                        .withWidths(Map.of("attn.to_q", 6))
                        .withActive(Map.of("attn.to_q", 1)),
                new Lora(4, 2.5, true, true, Map.of("attn.to_q", 2), Map.of("attn.to_q", 3.0)),
                new AdaLora(4, 2, 8, new AdaLora.Schedule(10, 20, 5), 0.85, 0.8, 0.5),
                new Sora(3, 16, 10, 3e-4));
    }

    static AdapterRecord record(AdapterKind kind) {
        return AdapterRecord.of(kind, MODULES, "tiny", "f00d", Map.of("steps", "50"));
    }

    static Map<String, Tensor> draw(Scope scope, AdapterKind kind) {
        RandomSource random = RandomSource.seeded(scope, 7);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        MODULES.forEach(
                (module, shape) -> {
                    for (AdapterTensor tensor : kind.tensors(module, shape[0], shape[1])) {
                        long[] sizes = tensor.shape().stream().mapToLong(n -> n).toArray();
                        tensors.put(
                                module + "." + tensor.name(),
                                random.normal(scope, sizes, DType.FP32));
                    }
                });
        return tensors;
    }

    private Path write(AdapterKind kind, Map<String, Tensor> tensors) {
        Path out = folder.resolve("adapter");
        List<String> targets = TargetSelection.peftNames(MODULES.keySet(), Samples.CONFIG);
        AdapterFolder.write(out, record(kind), tensors, targets);
        return out;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatIsWrittenIsRead(AdapterKind kind) {
        try (Scope scope = Scope.open("test")) {
            Map<String, Tensor> tensors = draw(scope, kind);
            try (AdapterFile file = AdapterFile.open(write(kind, tensors))) {
                assertEquals(record(kind), file.record().orElseThrow());
                assertEquals(64, file.sha256().length());
                assertEquals(MODULES.keySet(), Set.copyOf(file.modules().keySet()));
                tensors.forEach(
                        (name, tensor) -> {
                            String module = name.replaceFirst("\\.(lora|stan|sora)_.*", "");
                            String own = name.substring(module.length() + 1);
                            String read = kind instanceof Lora ? own.replace(".weight", "") : own;
                            assertArrayEquals(
                                    tensor.toFloats(),
                                    file.open(scope, module, read).toFloats(),
                                    name);
                        });
                MODULES.forEach(
                        (module, shape) ->
                                assertEquals(
                                        kind.part(module, shape[0], shape[1]).scale(),
                                        file.part(module).scale()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anAdapterMeetsTheModelItWasTrainedOn(AdapterKind kind) {
        try (Scope scope = Scope.open("test");
                AdapterFile file = AdapterFile.open(write(kind, draw(scope, kind)))) {
            Map<String, long[]> modules = TargetModules.of(Samples.CONFIG);
            assertEquals(MODULES.size(), file.match(modules, "f00d").matched().size());
            UserException other =
                    assertThrows(UserException.class, () -> file.match(modules, "beef"));
            assertTrue(other.getMessage().contains("trained on tiny"), other::getMessage);
            List<String> extended = List.of("feed", "f00d");
            assertEquals(MODULES.size(), file.match(modules, "beef", extended).matched().size());
            assertThrows(
                    UserException.class,
                    () -> file.match(Map.of("other", new long[] {8, 8}), "f00d"));
        }
    }

    @Test
    void aSparseMaskKeepsOnlyWhatItChanges() {
        SparseMask kind = new SparseMask(100, 1, true, 10);
        try (Scope scope = Scope.open("test")) {
            Map<String, Tensor> tensors = draw(scope, kind);
            float[] mask = new float[64];
            mask[3] = 1;
            mask[62] = 1;
            MODULES.keySet()
                    .forEach(
                            module ->
                                    tensors.put(
                                            module + ".sparse_mask",
                                            Tensors.of(scope, mask, 8, 8)));
            try (AdapterFile file = AdapterFile.open(write(kind, tensors))) {
                for (String module : MODULES.keySet()) {
                    float[] wanted = new float[64];
                    float[] all = tensors.get(module + ".sparse_delta").toFloats();
                    wanted[3] = all[3];
                    wanted[62] = all[62];
                    assertEquals(Form.DENSE, file.part(module).form());
                    assertArrayEquals(
                            wanted, file.open(scope, module, SparseMask.DELTA).toFloats());
                }
            }
        }
    }

    @Test
    void aLoraIsExactlyPefts() throws IOException {
        Lora kind = new Lora(4, 2.5, true, false, Map.of("attn.to_q", 2), Map.of("attn.to_q", 3.0));
        try (Scope scope = Scope.open("test")) {
            Path out = write(kind, draw(scope, kind));
            JsonNode config = JSON.readTree(out.resolve("adapter_config.json").toFile());
            assertEquals("LORA", config.get("peft_type").asText());
            assertEquals(8, config.get("target_modules").size());
            assertTrue(config.get("use_rslora").asBoolean());
            assertEquals("{\"attn.to_q\":3}", config.get("alpha_pattern").toString());
            try (LoraFile file = LoraFile.open(out)) {
                assertEquals(LoraFormat.PEFT, file.format());
                assertEquals(List.of(), file.unknownKeys());
                LoraTarget q = file.adapter().targets().get("transformer_blocks.0.attn.to_q");
                assertEquals(3 / Math.sqrt(2), q.scale());
            }
        }
    }

    @Test
    void diffusersGetsTheSettingsInTheMetadata() {
        Lora kind = new Lora(4, 2.5, true, false, Map.of("attn.to_q", 2), Map.of("attn.to_q", 3.0));
        try (Scope scope = Scope.open("test")) {
            List<String> targets = TargetSelection.peftNames(MODULES.keySet(), Samples.CONFIG);
            LoraWriter.diffusers(
                    folder, new LoraWriter.Content(kind, targets, "tiny", draw(scope, kind)));
            try (LoraFile file = LoraFile.open(folder)) {
                assertEquals(LoraFormat.DIFFUSERS, file.format());
                file.adapter()
                        .targets()
                        .forEach(
                                (module, target) ->
                                        assertEquals(
                                                kind.part(module, 8, 8).scale(), target.scale()));
            }
        }
    }

    /** Files of PEFT, written again: the same tensors, and every field that we write alike. */
    @Test
    void peftsOwnFolderIsWrittenAlike() throws IOException {
        Path peft = Goldens.path("lora/peft");
        try (LoraFile file = LoraFile.open(peft);
                Scope scope = Scope.open("test")) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            file.adapter()
                    .targets()
                    .keySet()
                    .forEach(
                            module -> {
                                tensors.put(
                                        module + ".lora_A.weight",
                                        file.adapter().down(scope, module));
                                tensors.put(
                                        module + ".lora_B.weight",
                                        file.adapter().up(scope, module));
                            });
            String special = "transformer_blocks.1.attn.to_q";
            Lora kind = new Lora(6, 3, true, false, Map.of(special, 2), Map.of(special, 5.0));
            JsonNode theirs = JSON.readTree(peft.resolve("adapter_config.json").toFile());
            List<String> targets = new java.util.ArrayList<>();
            theirs.get("target_modules").forEach(name -> targets.add(name.asText()));
            LoraWriter.peft(
                    folder, new LoraWriter.Content(kind, targets, "tiny-sd3", tensors), Map.of());
            JsonNode ours = JSON.readTree(folder.resolve("adapter_config.json").toFile());
            ours.properties()
                    .forEach(
                            field ->
                                    assertEquals(
                                            theirs.get(field.getKey()),
                                            field.getValue(),
                                            field.getKey()));
            assertArrayEquals(
                    Files.readAllBytes(peft.resolve("adapter_model.safetensors")),
                    Files.readAllBytes(folder.resolve("adapter_model.safetensors")));
        }
    }

    private String refusal(AdapterKind kind, java.util.function.Consumer<ObjectNode> edit)
            throws IOException {
        try (Scope scope = Scope.open("test")) {
            Path out = write(kind, draw(scope, kind));
            Path config = out.resolve("adapter_config.json");
            ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
            edit.accept(json);
            JSON.writeValue(config.toFile(), json);
            return assertThrows(RuntimeException.class, () -> AdapterFile.open(out).close())
                    .getMessage();
        } finally {
            Files.move(folder.resolve("adapter"), folder.resolve("refused" + refused++));
        }
    }

    @Test
    void aConfigThatDoesNotFitIsRefusedByName() throws IOException {
        Stan stan = Stan.of(16, 3);
        String nearest = refusal(stan, json -> json.put("kind", "stam"));
        assertTrue(nearest.contains("nearest are stan"), nearest);
        String k = refusal(stan, json -> ((ObjectNode) json.get("settings")).put("k", 17));
        assertTrue(k.contains("16, not 17"), k);
        String width =
                refusal(stan, json -> ((ObjectNode) json.at("/settings/width")).put("features", 8));
        assertTrue(width.contains("[16, 8], not [8, 8]"), width);
        String later = refusal(stan, json -> json.put("format_version", 2));
        assertTrue(later.contains("later version"), later);
        String fewer =
                refusal(
                        stan,
                        json ->
                                ((ObjectNode) json.get("modules"))
                                        .remove("transformer_blocks.0.attn.to_q"));
        assertTrue(fewer.contains("2 tensors that its config does not name"), fewer);
        String shape =
                refusal(
                        stan,
                        json ->
                                ((ObjectNode) json.get("modules"))
                                        .putArray("transformer_blocks.0.attn.to_q"));
        assertTrue(shape.contains("must have a shape"), shape);
        String text = refusal(stan, json -> json.put("settings", "none"));
        assertTrue(text.contains("does not fit"), text);
    }
}
