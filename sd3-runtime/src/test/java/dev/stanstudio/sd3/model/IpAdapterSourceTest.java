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

/** Names files that are no IP-Adapter for Stable Diffusion 3, or lack a part, in one line. */
class IpAdapterSourceTest {
    private static final String WEIGHTS = "ip-adapter.safetensors";

    @TempDir Path folder;

    private Path holding(String... names) {
        Path file = folder.resolve(WEIGHTS);
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
                assertThrows(UserException.class, () -> IpAdapterSource.open(path).close());
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(path.toString()), message);
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @ParameterizedTest
    @CsvSource({
        "ip_adapter.1.to_k_ip.weight, for Stable Diffusion 1.5 or SDXL",
        "image_proj.norm.weight, for Stable Diffusion 1.5 or SDXL",
        "double_blocks.0.processor.ip_adapter_double_stream_k_proj.weight, for FLUX",
        "ip_adapter.0.to_k_ip.weight, for FLUX",
        "controlnet_blocks.0.weight, is a ControlNet",
        "transformer_blocks.0.attn.to_q.lora_A.weight, an adapter of LoRA's kind",
        "model.diffusion_model.x_embedder.proj.weight, is a model",
        "ip_adapter.3.norm_ip.linear.weight, has no tensor ip_adapter.0.norm_ip.linear.weight",
        "anything, has no tensor ip_adapter.0.norm_ip.linear.weight"
    })
    void namesOtherFiles(String tensor, String words) {
        String message = refusal(holding(tensor));
        assertTrue(message.contains(words), message);
    }

    private Path copied(String... names) throws IOException {
        Path from = Goldens.own("ip-adapters/plain");
        for (String name : names) {
            Path to = folder.resolve(name);
            Files.createDirectories(to.getParent());
            Files.copy(from.resolve(name), to);
        }
        return folder;
    }

    @Test
    void namesMissingParts() throws IOException {
        assertTrue(refusal(folder.resolve("gone")).contains("there is no IP-Adapter"));
        assertTrue(refusal(folder).contains("has none of "));
        Path pickle = Files.write(folder.resolve("ip-adapter.bin"), new byte[] {(byte) 0x80, 2});
        assertTrue(refusal(folder).contains("python -c \"import torch, safetensors.torch as s;"));
        assertTrue(refusal(pickle).contains("torch.load('ip-adapter.bin', weights_only=True)"));
        assertTrue(refusal(copied(WEIGHTS)).contains("has no image encoder: put the folder"));
        copied("image_encoder/config.json");
        assertTrue(refusal(folder).contains("preprocessor_config.json is missing"));
        copied("image_encoder/preprocessor_config.json");
        assertTrue(refusal(folder).contains("model.safetensors"));
        copied("image_encoder/model.safetensors");
        IpAdapterSource.open(folder.resolve(WEIGHTS)).close();
        Path scaling = folder.resolve("image_encoder/preprocessor_config.json");
        String json = Files.readString(scaling);
        Files.writeString(scaling, json.replace("\"height\": 24", "\"height\": 32"));
        assertTrue(refusal(folder).contains("not the 24×24 pixels"));
        Path config = folder.resolve("image_encoder/config.json");
        Files.writeString(config, "{\"model_type\": \"clip_vision_model\"}");
        assertTrue(refusal(folder).contains("'clip_vision_model' is not supported"));
    }

    @Test
    void anotherPreparationOfPicturesIsAnotherAdapter() throws IOException {
        Path prepared = Path.of("image_encoder/preprocessor_config.json");
        copied(
                "ip-adapter.safetensors",
                "image_encoder/model.safetensors",
                "image_encoder/config.json",
                prepared.toString());
        String before = fingerprint();
        Path file = folder.resolve(prepared);
        String json = Files.readString(file);
        Files.writeString(file, json.replace("\"resample\": 3", "\"resample\": 0"));
        assertNotEquals(before, fingerprint());
    }

    private String fingerprint() {
        try (IpAdapterSource source = IpAdapterSource.open(folder)) {
            return source.fingerprint();
        }
    }
}
