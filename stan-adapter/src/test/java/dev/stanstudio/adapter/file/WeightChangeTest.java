package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes that are no plain LoRA, worked out by hand on weights of 2 × 2. */
class WeightChangeTest {
    private static final String Q = "transformer_blocks.0.attn.to_q";
    private static final String K = "transformer_blocks.0.attn.to_k";
    private static final String V = "transformer_blocks.0.attn.to_v";
    private static final String STEM = "transformer." + Q;
    private static final String FUSED = "lora_unet_joint_blocks_0_x_block_attn_qkv";

    @TempDir private Path folder;

    /** W = [[3, 4], [0, 2]] and b = [1, −1] of every module. */
    private static final class Base implements Weights {
        @Override
        public Set<String> names() {
            return Set.of(Q + ".weight", K + ".weight", V + ".weight", Q + ".bias");
        }

        @Override
        public long[] shape(String name) {
            return name.endsWith(".bias") ? new long[] {2} : new long[] {2, 2};
        }

        @Override
        public DType dtype(String name) {
            return DType.FP32;
        }

        @Override
        public Tensor open(Scope scope, String name) {
            assertTrue(names().contains(name), name);
            return name.endsWith(".bias")
                    ? Tensors.of(scope, new float[] {1, -1}, 2)
                    : Tensors.of(scope, new float[] {3, 4, 0, 2}, 2, 2);
        }

        @Override
        public String origin() {
            return "the model";
        }
    }

    private static SafetensorsWriter.Tensor tensor(String name, String numbers, long... shape) {
        String[] words = numbers.split(" ");
        float[] values = new float[words.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(words[i]);
        }
        return Samples.tensor(name, StoredType.F32, values, shape);
    }

    private LoraFile file(SafetensorsWriter.Tensor... tensors) {
        return LoraFile.open(
                Samples.write(folder.resolve("x.safetensors"), Map.of(), List.of(tensors)));
    }

    private static float[] change(AdapterSource source, String module, String tensor) {
        try (Scope scope = Scope.open("test")) {
            return source.open(scope, module, tensor).toFloats();
        }
    }

    private void assertChange(float[] expected, SafetensorsWriter.Tensor... tensors) {
        try (LoraFile file = file(tensors)) {
            AdapterSource source = LoraSource.of(file).on(new Base());
            assertArrayEquals(new long[] {2, 2}, source.modules().get(Q));
            assertArrayEquals(expected, change(source, Q, "change"), 1e-5f);
        }
    }

    /** W + B A = [[3, 4], [6, 8]], whose rows are 5 and 10 long and its columns √45 and √80. */
    @Test
    void doraStretchesRowsOrColumns() {
        SafetensorsWriter.Tensor down = tensor(STEM + ".lora_A.weight", "1 1", 1, 2);
        SafetensorsWriter.Tensor up = tensor(STEM + ".lora_B.weight", "0 6", 2, 1);
        float[] rows = {3, 4, 12, 16 - 2};
        assertChange(
                rows,
                down,
                up,
                tensor(STEM + ".lora_magnitude_vector", "10 20", 2),
                tensor(STEM + ".alpha", "1"));
    }

    @Test
    void lohaIsAProductNumberByNumber() {
        assertChange(
                new float[] {10, 0, 24, 0},
                tensor(STEM + ".hada_w1_a", "1 2", 2, 1),
                tensor(STEM + ".hada_w1_b", "1 3", 1, 2),
                tensor(STEM + ".hada_w2_a", "5 6", 2, 1),
                tensor(STEM + ".hada_w2_b", "1 0", 1, 2),
                tensor(STEM + ".alpha", "2"));
    }

    /** Two whole matrices have the scale 1 whatever α says; a product has α/r. */
    @ParameterizedTest
    @CsvSource({"true, 1", "false, 3"})
    void lokrIsAKroneckerProduct(boolean whole, float scale) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        tensors.add(tensor(STEM + ".lokr_w1", "2 5", 2, 1));
        tensors.add(tensor(STEM + ".alpha", "3"));
        if (whole) {
            tensors.add(tensor(STEM + ".lokr_w2", "1 7", 1, 2));
        } else {
            tensors.add(tensor(STEM + ".lokr_w2_a", "1", 1, 1));
            tensors.add(tensor(STEM + ".lokr_w2_b", "1 7", 1, 2));
        }
        assertChange(
                new float[] {2 * scale, 14 * scale, 5 * scale, 35 * scale},
                tensors.toArray(SafetensorsWriter.Tensor[]::new));
    }

    @Test
    void aWholeWeightComesWithItsBias() {
        try (LoraFile file =
                file(tensor(STEM + ".diff", "1 2 3 4", 2, 2), tensor(STEM + ".diff_b", "5 6", 2))) {
            LoraSource source = LoraSource.of(file);
            assertArrayEquals(new float[] {1, 2, 3, 4}, change(source, Q, "change"));
            assertArrayEquals(new float[] {5, 6}, change(source, Q, "change_of_bias"));
            assertEquals("full", file.kinds());
            assertEquals("change_of_bias", source.part(Q).decoder());
        }
    }

    @Test
    void ia3StretchesOutputsWithTheirBias() {
        try (LoraFile file = file(tensor("base_model.model." + Q + ".ia3_l", "2 0.5", 2, 1))) {
            AdapterSource source = LoraSource.of(file).on(new Base());
            assertArrayEquals(new float[] {3, 4, 0, -1}, change(source, Q, "change"), 1e-6f);
            assertArrayEquals(new float[] {1, 0.5f}, change(source, Q, "change_of_bias"), 1e-6f);
        }
    }

    /**
     * Q = [[0, q], [−q, 0]] with q = 1 turns by a quarter: (I + Q)(I − Q)⁻¹ = [[0, 1], [−1, 0]].
     */
    @Test
    void oftTurnsTheOutputs() {
        assertChange(
                new float[] {-3, -4 - 2, 3, 4 - 2},
                tensor(STEM + ".oft_blocks", "0 1 0 0", 1, 2, 2),
                tensor(STEM + ".alpha", "0"));
    }

    /** The norms of columns need q, k and v together: 3 rows of 3, 0 and 4, 2 are 9·3 and 20·3. */
    @Test
    void fusedModulesAreOneWeight() {
        try (LoraFile file =
                file(
                        tensor(FUSED + ".lora_down.weight", "0 0", 1, 2),
                        tensor(FUSED + ".lora_up.weight", "0 0 0 0 0 0", 6, 1),
                        tensor(FUSED + ".dora_scale", "1 1", 1, 2))) {
            AdapterSource source = LoraSource.of(file).on(new Base());
            assertEquals(Set.of(Q, K, V), source.modules().keySet());
            float left = (float) (3 / Math.sqrt(27));
            float right = (float) (1 / Math.sqrt(60));
            assertArrayEquals(
                    new float[] {left - 3, 4 * right - 4, 0, 2 * right - 2},
                    change(source, K, "change"),
                    1e-5f);
        }
    }

    private void assertRefused(String reason, SafetensorsWriter.Tensor... tensors) {
        UserException refused =
                assertThrows(UserException.class, () -> file(tensors).close(), reason);
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("x.safetensors"), message);
        assertFalse(message.contains("\n"), message);
    }

    @Test
    void halvesAndMixturesAreRefused() {
        assertRefused(
                "without its hada_w2_a",
                tensor(STEM + ".hada_w1_a", "1 1", 2, 1),
                tensor(STEM + ".hada_w1_b", "1 1", 1, 2));
        assertRefused("without its lokr_w2_a", tensor(STEM + ".lokr_w1", "1", 1, 1));
        assertRefused("without its diff", tensor(STEM + ".diff_b", "1 1", 2));
        assertRefused(
                "has lokr_w1 too, which belongs to another kind",
                tensor(STEM + ".hada_w1_a", "1 1", 2, 1),
                tensor(STEM + ".hada_w1_b", "1 1", 1, 2),
                tensor(STEM + ".hada_w2_a", "1 1", 2, 1),
                tensor(STEM + ".hada_w2_b", "1 1", 1, 2),
                tensor(STEM + ".lokr_w1", "1", 1, 1));
        assertRefused(
                "make no weight",
                tensor(STEM + ".hada_w1_a", "1 1", 2, 1),
                tensor(STEM + ".hada_w1_b", "1 1 1 1", 2, 2),
                tensor(STEM + ".hada_w2_a", "1 1", 2, 1),
                tensor(STEM + ".hada_w2_b", "1 1", 1, 2));
        assertRefused(
                "does not fit a weight [2, 2]",
                tensor(STEM + ".lora_A.weight", "1 1", 1, 2),
                tensor(STEM + ".lora_B.weight", "0 6", 2, 1),
                tensor(STEM + ".lora_magnitude_vector", "1 1 1", 3));
        assertRefused(
                "are no blocks of a rotation",
                tensor(STEM + ".boft_R", "0 1 0 0", 1, 1, 2, 2),
                tensor(STEM + ".boft_s", "1"));
        assertRefused(
                "without PEFT's adapter_config.json", tensor(STEM + ".oft_R.weight", "1", 1, 1));
        assertRefused(
                "does not tell the shape of its weight",
                tensor(FUSED + ".on_input", "1", 1),
                tensor(FUSED + ".weight", "1 1", 2));
        assertRefused("a Tucker decomposition", tensor(STEM + ".lokr_t2", "1", 1, 1));
    }

    /** A change that no LoRA file can hold is not converted, one that needs a model not joined. */
    @Test
    void withoutAModelWhatNeedsOneIsRefused() {
        try (LoraFile file = file(tensor(STEM + ".oft_blocks", "0 1 0 0", 1, 2, 2))) {
            LoraSource source = LoraSource.of(file);
            assertTrue(
                    assertThrows(UserException.class, source::requireFixed)
                            .getMessage()
                            .contains("the oft of " + Q + " follows from the weights"));
            assertThrows(UserException.class, () -> change(source, Q, "change"));
            assertTrue(
                    assertThrows(UserException.class, file::requirePlain)
                            .getMessage()
                            .contains("is oft, which no LoRA file can hold"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "transformer.single_transformer_blocks.0.attn.to_q, FLUX",
        "lora_unet_double_blocks_0_img_attn_qkv, FLUX",
        "lora_unet_down_blocks_1_attentions_0_proj_in, 'Stable Diffusion 1, 2 or XL'"
    })
    void adaptersOfOtherModelsAreNamed(String stem, String model) {
        try (LoraFile file =
                file(
                        tensor("lora_te1_text_model_x.lora_down.weight", "1 1", 1, 2),
                        tensor("lora_te1_text_model_x.lora_up.weight", "1 1", 2, 1),
                        tensor(stem + ".lora_down.weight", "1 1", 1, 2),
                        tensor(stem + ".lora_up.weight", "1 1", 2, 1))) {
            LoraSource source = LoraSource.of(file);
            String message =
                    assertThrows(UserException.class, () -> source.match(Map.of())).getMessage();
            assertTrue(
                    message.contains("was made for " + model + ", not for Stable Diffusion 3"),
                    message);
        }
    }
}
