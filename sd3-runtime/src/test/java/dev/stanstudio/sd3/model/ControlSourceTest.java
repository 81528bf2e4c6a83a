package dev.stanstudio.sd3.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorSource;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names files that are no control network for Stable Diffusion 3 in one line. */
class ControlSourceTest {
    @TempDir Path folder;

    private Path holding(String... names) {
        Path file = folder.resolve("control.safetensors");
        SafetensorsWriter.write(
                file,
                Map.of(),
                Arrays.stream(names)
                        .map(
                                name ->
                                        new SafetensorsWriter.Tensor(
                                                name,
                                                StoredType.F32,
                                                List.of(1L),
                                                TensorSource.of(ByteBuffer.allocate(4))))
                        .toList());
        return file;
    }

    private static String refusal(Path path) {
        UserException refusal =
                assertThrows(UserException.class, () -> ControlSource.open(path).close());
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(path.toString()), message);
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @ParameterizedTest
    @CsvSource({
        "control_model.input_blocks.0.0.weight, 'for Stable Diffusion 1.5, 2 or SDXL'",
        "controlnet_cond_embedding.conv_in.weight, 'for Stable Diffusion 1.5, 2 or SDXL'",
        "adapter.conv_in.weight, a T2I adapter",
        "body.0.in_conv.weight, a T2I adapter",
        "controlnet_x_embedder.weight, for FLUX",
        "image_proj.proj.weight, an IP-Adapter",
        "transformer_blocks.0.attn.to_q.lora_A.weight, an adapter of LoRA's kind",
        "model.diffusion_model.x_embedder.proj.weight, 'a model, no ControlNet'",
        "anything, has no tensor controlnet_blocks.0.weight"
    })
    void namesOtherFiles(String tensor, String words) {
        String message = refusal(holding(tensor));
        assertTrue(message.contains(words), message);
    }

    @Test
    void fluxControlNetsHaveTheSameOutputs() {
        Path file = holding("controlnet_blocks.0.weight", "controlnet_x_embedder.weight");
        assertTrue(refusal(file).contains("for FLUX"));
    }

    @ParameterizedTest
    @CsvSource({
        "ControlNetModel, 'for Stable Diffusion 1.5, 2 or SDXL'",
        "T2IAdapter, a T2I adapter",
        "FluxControlNetModel, for FLUX",
        "HunyuanDiT2DControlNetModel, a ControlNet for another model",
        "SD3Transformer2DModel, 'a model, no ControlNet'"
    })
    void namesOtherClasses(String name, String words) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"_class_name\": \"" + name + "\"}");
        String message = refusal(folder);
        assertTrue(message.contains(words) && message.contains(name), message);
    }

    @Test
    void namesOtherFolders() {
        assertTrue(refusal(folder).contains("has no config.json"));
        assertTrue(refusal(Goldens.own("tiny-3.0")).contains("a whole model"));
        assertTrue(refusal(folder.resolve("gone")).contains("there is no ControlNet"));
    }

    @Test
    void tensorsMustFitTheConfig() throws IOException {
        Path from = Goldens.own("controls/joint");
        for (String name : List.of("config.json", "diffusion_pytorch_model.safetensors")) {
            Files.copy(from.resolve(name), folder.resolve(name));
        }
        Path config = folder.resolve("config.json");
        String json = Files.readString(config);
        Files.writeString(config, json.replace("\"num_layers\": 2", "\"num_layers\": 3"));
        ModelSource model = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        try (Sd3Model loaded = Sd3Model.load(model, LoadOptions.plain());
                ControlSource source = ControlSource.open(folder)) {
            UserException refusal = assertThrows(UserException.class, () -> loaded.control(source));
            assertTrue(refusal.getMessage().contains("controlnet_blocks.2"), refusal.toString());
        }
    }

    @Test
    void anotherConfigurationIsAnotherNetwork() throws IOException {
        Path from = Goldens.own("controls/joint");
        for (String name : List.of("config.json", "diffusion_pytorch_model.safetensors")) {
            Files.copy(from.resolve(name), folder.resolve(name));
        }
        String before = fingerprint();
        Path config = folder.resolve("config.json");
        String json = Files.readString(config);
        Files.writeString(config, json.replace("0.42.1", "9"));
        assertEquals(before, fingerprint());
        Files.writeString(
                config, json.replace("pooled_projection\": true", "pooled_projection\": false"));
        assertNotEquals(before, fingerprint());
    }

    private String fingerprint() {
        try (ControlSource source = ControlSource.open(folder)) {
            return source.fingerprint();
        }
    }
}
