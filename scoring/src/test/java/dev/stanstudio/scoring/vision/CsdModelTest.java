package dev.stanstudio.scoring.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.safetensors.TensorSource;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tower of clip-nano in CSD's names gives what CLIP gives. */
class CsdModelTest {
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);
    private static final Path CLIP = Path.of("models", "clip-nano");

    @TempDir private Path folder;

    private record Matrix(List<Long> shape, List<float[]> parts) {}

    private static float[] values(Map<String, StoredTensor> all, TensorFiles files, String name) {
        try (Scope scope = Scope.open(name)) {
            return files.open(scope, all.get(name)).toFloats();
        }
    }

    private void convert(String prefix) throws IOException {
        Map<String, StoredTensor> all = TensorCollection.open(CLIP, "model", null).tensors();
        Map<String, Matrix> csd = new LinkedHashMap<>();
        try (TensorFiles files = new TensorFiles()) {
            for (String name : all.keySet()) {
                if (!name.startsWith("vision_model.") && !name.startsWith("visual_")) {
                    continue;
                }
                List<Long> shape = all.get(name).info().shape();
                float[] own = values(all, files, name);
                String plain =
                        name.replace("vision_model.", "")
                                .replace("embeddings.class_embedding", "class_embedding")
                                .replace(
                                        "embeddings.position_embedding.weight",
                                        "positional_embedding")
                                .replace("embeddings.patch_embedding", "conv1")
                                .replace("pre_layrnorm", "ln_pre")
                                .replace("post_layernorm", "ln_post")
                                .replace("encoder.layers.", "transformer.resblocks.")
                                .replace("layer_norm1", "ln_1")
                                .replace("layer_norm2", "ln_2")
                                .replace("self_attn.out_proj", "attn.out_proj")
                                .replace("mlp.fc1", "mlp.c_fc")
                                .replace("mlp.fc2", "mlp.c_proj");
                if (name.equals("visual_projection.weight")) {
                    csd.put("last_layer_style", turned(shape, own));
                    csd.put("last_layer_content", turned(shape, own));
                } else if (name.contains("self_attn.q_proj")) {
                    float[] k = values(all, files, name.replace("q_proj", "k_proj"));
                    float[] v = values(all, files, name.replace("q_proj", "v_proj"));
                    List<Long> tall = new ArrayList<>(shape);
                    tall.set(0, 3 * shape.get(0));
                    csd.put(
                            "backbone." + plain.replace("self_attn.q_proj.", "attn.in_proj_"),
                            new Matrix(tall, List.of(own, k, v)));
                } else if (!name.contains("_proj.") || name.contains("out_proj")) {
                    csd.put("backbone." + plain, new Matrix(shape, List.of(own)));
                }
            }
        }
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        csd.forEach(
                (name, matrix) -> {
                    ByteBuffer bytes =
                            ByteBuffer.allocate(
                                            4
                                                    * matrix.parts().stream()
                                                            .mapToInt(p -> p.length)
                                                            .sum())
                                    .order(ByteOrder.LITTLE_ENDIAN);
                    matrix.parts()
                            .forEach(
                                    part -> {
                                        for (float v : part) {
                                            bytes.putFloat(v);
                                        }
                                    });
                    bytes.flip();
                    TensorSource source =
                            channel -> TensorSource.of(bytes.duplicate()).writeTo(channel);
                    tensors.add(
                            new SafetensorsWriter.Tensor(
                                    prefix + name, StoredType.F32, matrix.shape(), source));
                });
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of(), tensors);
        // OpenAI's towers have heads of 64; the small one has heads of 32.
        Files.writeString(folder.resolve("config.json"), "{\"num_attention_heads\": 5}");
    }

    private static Matrix turned(List<Long> shape, float[] values) {
        int rows = Math.toIntExact(shape.get(0));
        int columns = Math.toIntExact(shape.get(1));
        float[] turned = new float[values.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                turned[j * rows + i] = values[i * columns + j];
            }
        }
        return new Matrix(List.of((long) columns, (long) rows), List.of(turned));
    }

    @Test
    void theStyleHeadStandsWhereClipProjects() throws IOException {
        List<Picture> pictures = List.of(new SynthCollection(SynthSpec.all()).item(4, 0).picture());
        for (String prefix : List.of("", "module.", "model_state_dict.module.")) {
            convert(prefix);
            try (CsdModel csd = CsdModel.open(folder, FP32);
                    ClipModel clip = ClipModel.open(CLIP, FP32)) {
                assertEquals(clip.config().vision(), csd.tower().config());
                assertEquals(clip.preprocessing().identity(), csd.preprocessing().identity());
                float[] wanted = clip.images().embed(pictures)[0];
                assertArrayEquals(wanted, csd.embedder().embed(pictures)[0], 1e-6f);
            }
        }
    }

    @Test
    void whatIsNoCsdIsRefused() {
        UserException e = assertThrows(UserException.class, () -> CsdModel.open(CLIP, FP32));
        assertTrue(e.getMessage().contains("last_layer_style"), e.getMessage());
    }
}
