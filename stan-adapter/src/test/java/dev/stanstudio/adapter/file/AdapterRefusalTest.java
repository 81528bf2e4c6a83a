package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.BlockSet;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One line for each thing that can be wrong with an adapter, and nothing left behind. */
class AdapterRefusalTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    static List<AdapterKind> kinds() {
        return List.of(Stan.of(16, 3), Lora.of(2, 2));
    }

    private Path write(AdapterKind kind) {
        Path out = folder.resolve("adapter");
        try (Scope scope = Scope.open("test")) {
            Map<String, Tensor> tensors = AdapterFolderTest.draw(scope, kind);
            AdapterFolder.write(out, AdapterFolderTest.record(kind), tensors, List.of("attn.to_q"));
        }
        return out;
    }

    private static String refusal(Path path) {
        RuntimeException refused =
                assertThrows(RuntimeException.class, () -> AdapterFile.open(path).close());
        assertTrue(refused instanceof UserException, refused::toString);
        assertEquals(1, refused.getMessage().lines().count(), refused::getMessage);
        return refused.getMessage();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aConfigWithoutWeights(AdapterKind kind) throws IOException {
        Path out = write(kind);
        Files.delete(out.resolve("adapter_model.safetensors"));
        String message = refusal(out);
        assertTrue(message.contains("adapter_model"), message);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void weightsCutShort(AdapterKind kind) throws IOException {
        Path out = write(kind);
        Path tensors = out.resolve("adapter_model.safetensors");
        byte[] all = Files.readAllBytes(tensors);
        Files.write(tensors, Arrays.copyOf(all, all.length - 5));
        String message = refusal(out);
        assertTrue(message.contains("adapter_model.safetensors"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"revival\": null}|settings.revival",
                "{\"selection\": null}|settings.selection",
                "{\"width\": null}|settings.width",
                "{\"widths\": null}|settings.widths",
                "{\"kept\": {\"to_q\": null}}|settings.kept.to_q",
                "{\"selection\": \"x\"}|settings.selection",
                "{\"kept\": {\"to_q\": [1]}}|settings.kept.to_q",
                "{\"averaged\": null}|settings.averaged",
            })
    void aSettingThatIsNullOrOfAnotherKindIsNamed(String change, String name) throws IOException {
        String message = refusal(changed("settings", change));
        assertTrue(message.contains("adapter_config.json") && message.contains(name), message);
        assertFalse(message.contains("java") || message.contains("dev.stanstudio"), message);
    }

    @Test
    void settingsThatAreLeftOutAreNamed() throws IOException {
        Path out = write(Stan.of(16, 3));
        Path config = out.resolve("adapter_config.json");
        ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
        ObjectNode settings = (ObjectNode) json.get("settings");
        settings.remove("revival");
        JSON.writeValue(config.toFile(), json);
        assertTrue(refusal(out).contains("has no settings.revival"));
        json.remove("settings");
        JSON.writeValue(config.toFile(), json);
        assertTrue(refusal(out).contains("has no settings;"));
    }

    @Test
    void aShapeWithoutANumberIsNamed() throws IOException {
        String message = refusal(changed("modules", "{\"blocks.0.attn.to_q\": [null, 8]}"));
        assertTrue(message.contains("blocks.0.attn.to_q must have a shape"), message);
    }

    private Path changed(String part, String fields) throws IOException {
        Path out = write(Stan.of(16, 3));
        Path config = out.resolve("adapter_config.json");
        ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
        ((ObjectNode) json.get(part)).setAll((ObjectNode) JSON.readTree(fields));
        JSON.writeValue(config.toFile(), json);
        return out;
    }

    @Test
    void aPlaceWithoutAnAdapter() {
        assertTrue(refusal(folder.resolve("none")).contains("there is no adapter"));
        assertTrue(refusal(folder).contains("holds no adapter"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anotherModelsWidth(AdapterKind kind) {
        try (AdapterFile file = AdapterFile.open(write(kind))) {
            Map<String, long[]> wide = new LinkedHashMap<>();
            TargetModules.of(Samples.CONFIG)
                    .forEach((module, shape) -> wide.put(module, new long[] {16, 16}));
            UserException refused =
                    assertThrows(UserException.class, () -> file.match(wide, "f00d"));
            assertTrue(refused.getMessage().contains("[8, 8]"), refused::getMessage);
            assertTrue(refused.getMessage().contains("[16, 16]"), refused::getMessage);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anotherModelsModules(AdapterKind kind) {
        try (AdapterFile file = AdapterFile.open(write(kind))) {
            UserException refused =
                    assertThrows(
                            UserException.class,
                            () ->
                                    file.match(
                                            Map.of(
                                                    "blocks.0.attn.to_q",
                                                    new long[] {8, 8},
                                                    "blocks.0.mlp",
                                                    new long[] {8, 8}),
                                            "f00d"));
            assertTrue(refused.getMessage().contains("nearest"), refused::getMessage);
            assertTrue(refused.getMessage().contains("blocks.0.attn.to_q"), refused::getMessage);
        }
    }

    @Test
    void targetsThatNoModelHas() {
        TargetSelection wrong = new TargetSelection(List.of("attn.to_p"), BlockSet.ALL);
        ArgumentException refused =
                assertThrows(ArgumentException.class, () -> wrong.select(Samples.CONFIG));
        assertTrue(refused.getMessage().contains("attn.to_q"), refused::getMessage);
    }

    @Test
    void moreKeptFeaturesThanThereAre() {
        assertTrue(
                assertThrows(ArgumentException.class, () -> Stan.of(8, 9))
                        .getMessage()
                        .contains("8, not 9"));
        Stan grouped = Stan.of(8, 2).withWidths(Map.of("to_q", 6)).withGroups(4);
        assertTrue(
                assertThrows(ArgumentException.class, () -> grouped.featuresOf("to_q", 8))
                        .getMessage()
                        .contains("cannot be cut into 4"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aSaveGoesThroughAnInterruptionThatStaysVisible(AdapterKind kind) throws IOException {
        Thread.currentThread().interrupt();
        Path written;
        try {
            written = write(kind);
        } finally {
            assertTrue(Thread.interrupted());
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(written), left.toList());
        }
        try (AdapterFile file = AdapterFile.open(written)) {
            assertFalse(file.modules().isEmpty());
        }
    }
}
