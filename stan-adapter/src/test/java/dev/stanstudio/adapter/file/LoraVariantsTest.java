package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.merge.Expert;
import dev.stanstudio.adapter.merge.MergedWeights;
import dev.stanstudio.adapter.project.LeftOut;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.Bits;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.model.ModelSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** LoRAs as other programs write them: names, types, α, AdaLoRA, and parts that are not applied. */
class LoraVariantsTest {
    private static final String Q = "transformer_blocks.0.attn.to_q";

    @TempDir private Path folder;

    private LoraFile open(Map<String, String> metadata, List<SafetensorsWriter.Tensor> tensors) {
        return LoraFile.open(Samples.write(folder.resolve("lora.safetensors"), metadata, tensors));
    }

    private LoraFile open(SafetensorsWriter.Tensor... tensors) {
        return open(Map.of(), List.of(tensors));
    }

    private static SafetensorsWriter.Tensor raw(
            String name, StoredType type, List<Long> shape, byte[] bytes) {
        return new SafetensorsWriter.Tensor(
                name, type, shape, channel -> channel.write(ByteBuffer.wrap(bytes)));
    }

    @ParameterizedTest
    @CsvSource({
        "transformer_blocks.0.attn.to_q, .lora_A.weight, .lora_B.weight",
        "diffusion_model.transformer_blocks.0.attn.to_q, .lora_A.weight, .lora_B.weight",
        "transformer.transformer_blocks.0.attn.to_q, .lora.down.weight, .lora.up.weight",
        "transformer.transformer_blocks.0.attn.to_q, .lora_linear_layer.down.weight,"
                + " .lora_linear_layer.up.weight",
        "lora_transformer_transformer_blocks_0_attn_to_q, .lora_down.weight, .lora_up.weight",
        "lycoris_transformer_blocks_0_attn_to_q, .lora_down.weight, .lora_up.weight",
        "lora_unet_transformer_blocks_0_attn_to_q, .lora_down.weight, .lora_up.weight"
    })
    void namesOfOtherProgramsAreRead(String stem, String down, String up) {
        List<SafetensorsWriter.Tensor> pair = Samples.pair(stem, 2, 8, 8, down, up);
        try (LoraFile file = open(Map.of(), pair);
                Scope scope = Scope.open("test")) {
            assertEquals(Set.of(Q), file.adapter().targets().keySet());
            assertEquals(List.of(), file.leftOut());
            assertArrayEquals(
                    Samples.numbers((stem + up).hashCode(), 8, 2),
                    file.adapter().up(scope, Q).toFloats());
        }
    }

    @ParameterizedTest
    @CsvSource({"diffusion_model.", "model.diffusion_model.", "''"})
    void originalNamesAreCut(String prefix) {
        String stem = prefix + "joint_blocks.0.x_block.attn.qkv";
        try (LoraFile file =
                open(
                        Map.of(),
                        Samples.pair(stem, 2, 8, 24, ".lora_down.weight", ".lora_up.weight"))) {
            assertEquals(
                    Set.of(
                            "transformer_blocks.0.attn.to_q",
                            "transformer_blocks.0.attn.to_k",
                            "transformer_blocks.0.attn.to_v"),
                    file.adapter().targets().keySet());
        }
    }

    @Test
    void namesOfTwoProgramsInOneFileAreNotMixed() {
        List<SafetensorsWriter.Tensor> tensors =
                new ArrayList<>(
                        Samples.pair(
                                "transformer." + Q, 2, 8, 8, ".lora_A.weight", ".lora_B.weight"));
        tensors.addAll(
                Samples.pair(
                        "diffusion_model.transformer_blocks.1.attn.to_q",
                        2,
                        8,
                        8,
                        ".lora_A.weight",
                        ".lora_B.weight"));
        try (LoraFile file = open(Map.of(), tensors)) {
            assertEquals(Set.of(Q), file.adapter().targets().keySet());
            assertEquals(1, file.leftOut().size());
            assertEquals(LeftOut.Kind.UNKNOWN, file.leftOut().get(0).kind());
            assertTrue(
                    file.leftOut().get(0).message().startsWith("2 tensors belong to no module"),
                    file.leftOut().get(0)::message);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text_encoder.text_model.q.lora_A.weight, TEXT_ENCODER, 1 modules of text_encoder are",
        "text_encoder_2.text_model.q.dora_scale, TEXT_ENCODER, 1 modules of text_encoder_2 are",
        "text_encoder_3.encoder.q.lora_A.weight, TEXT_ENCODER, 1 modules of text_encoder_3 are",
        "lora_te1_text_model_q.lora_down.weight, TEXT_ENCODER, 1 modules of text_encoder are",
        "lora_te3_encoder_q.hada_w1_a, TEXT_ENCODER, 1 modules of text_encoder_3 are",
        "text_encoders.clip_g.q.lora_up.weight, TEXT_ENCODER, 1 modules of text_encoder_2 are",
        "bundle_emb.word.clip_l, EMBEDDING, 1 tensors of trained words",
        "base_model.model.text_model.token_adapter.trainable_tokens_delta, EMBEDDING, trained"
                + " words",
        "transformer.a.lora_velora_embed, TRAINING, only while it trains",
        "lora_unet_double_blocks_0_img_mod_lin.alpha, UNKNOWN, 1 tensors belong to no module"
    })
    void whatIsNotAppliedIsNamedByKind(String key, LeftOut.Kind kind, String message) {
        List<SafetensorsWriter.Tensor> tensors =
                new ArrayList<>(
                        Samples.pair(
                                "transformer." + Q, 2, 8, 8, ".lora_A.weight", ".lora_B.weight"));
        tensors.add(Samples.random(key, 8));
        try (LoraFile file = open(Map.of(), tensors)) {
            assertEquals(Set.of(Q), file.adapter().targets().keySet());
            assertEquals(1, file.leftOut().size(), file.leftOut()::toString);
            assertEquals(kind, file.leftOut().get(0).kind());
            String said = file.leftOut().get(0).message();
            assertTrue(said.contains(message), said);
        }
    }

    @Test
    void namesReachNoTerminalRaw() {
        LeftOut left = new LeftOut(LeftOut.Kind.UNKNOWN, List.of("a\u001b[31m\u009b\u202eb"));
        assertTrue(left.message().endsWith("such as a\\u001b[31m\\u009b\\u202eb"), left::message);
    }

    @ParameterizedTest
    @EnumSource(
            value = StoredType.class,
            names = {"I64", "I32", "I16", "U8", "F64", "F32", "F16", "BF16", "F8_E4M3"})
    void alphaOfAnyTypeIsRead(StoredType type) {
        ByteBuffer bytes =
                ByteBuffer.allocate((int) type.bytesFor(1)).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case I64 -> bytes.putLong(6);
            case I32 -> bytes.putInt(6);
            case I16 -> bytes.putShort((short) 6);
            case F64 -> bytes.putDouble(6);
            case F32 -> bytes.putFloat(6);
            case F16 -> bytes.putShort(Bits.floatToHalf(6));
            case BF16 -> bytes.putShort(Bits.floatToBf16(6));
            case F8_E4M3 -> bytes.put((byte) 0x4c); // 1.5 · 2²
            default -> bytes.put((byte) 6);
        }
        for (List<Long> shape : List.of(List.<Long>of(), List.of(1L), List.of(1L, 1L))) {
            List<SafetensorsWriter.Tensor> tensors =
                    new ArrayList<>(
                            Samples.pair(
                                    "lora_unet_joint_blocks_0_x_block_attn_proj",
                                    4,
                                    8,
                                    8,
                                    ".lora_down.weight",
                                    ".lora_up.weight"));
            tensors.add(
                    raw(
                            "lora_unet_joint_blocks_0_x_block_attn_proj.alpha",
                            type,
                            shape,
                            bytes.array()));
            try (LoraFile file = open(Map.of(), tensors)) {
                assertEquals(
                        1.5,
                        file.adapter().targets().get("transformer_blocks.0.attn.to_out.0").scale());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"F8_E4M3, 0x38, 0x40", "F8_E5M2, 0x3c, 0x40"})
    void eightBitFloatsAreWidened(StoredType type, String one, String two) {
        byte[] a = new byte[16];
        byte[] b = new byte[16];
        Arrays.fill(a, Byte.decode(one));
        Arrays.fill(b, Byte.decode(two));
        Path model = Samples.model(folder.resolve("model"), StoredType.F32);
        try (LoraFile file =
                        open(
                                raw(
                                        "transformer." + Q + ".lora_A.weight",
                                        type,
                                        List.of(2L, 8L),
                                        a),
                                raw(
                                        "transformer." + Q + ".lora_B.weight",
                                        type,
                                        List.of(8L, 2L),
                                        b));
                ModelSource source = ModelSource.open(model, null, null);
                Scope scope = Scope.open("test")) {
            assertEquals(DType.FP32, file.adapter().up(scope, Q).dtype());
            MergedWeights merged =
                    MergedWeights.of(
                            Samples.CONFIG,
                            source.transformer(),
                            List.of(new Expert(LoraSource.of(file), 1)));
            float[] before = source.transformer().open(scope, Q + ".weight").toFloats();
            for (int i = 0; i < before.length; i++) {
                before[i] += 4; // Σ over two ranks of 2 · 1
            }
            assertArrayEquals(before, merged.open(scope, Q + ".weight").toFloats());
        }
    }

    /** PEFT 0.21.2, get_delta_weight of a linear layer [2, 3] after save_pretrained and reading. */
    @Test
    void adaLoraIsWhatPeftAdds() {
        Samples.json(
                folder.resolve("ada/adapter_config.json"),
                Map.of(
                        "peft_type",
                        "ADALORA",
                        "init_r",
                        3,
                        "target_r",
                        2,
                        "lora_alpha",
                        5,
                        "rank_pattern",
                        Map.of("proj_out.lora_E", List.of(true, false, true))));
        String stem = "base_model.model.proj_out";
        Samples.write(
                folder.resolve("ada/adapter_model.safetensors"),
                Map.of(),
                List.of(
                        tensor(stem + ".lora_A", new float[] {1, 2, 3, 7, 8, 9}, 2, 3),
                        tensor(stem + ".lora_B", new float[] {1, 2, 0.5f, 1}, 2, 2),
                        tensor(stem + ".lora_E", new float[] {0.5f, -2}, 2, 1)));
        try (LoraFile file = LoraFile.open(folder.resolve("ada"));
                Scope scope = Scope.open("test")) {
            LoraTarget target = file.adapter().targets().get("proj_out");
            float[] a = file.adapter().down(scope, "proj_out").toFloats();
            float[] b = file.adapter().up(scope, "proj_out").toFloats();
            float[] change = new float[6];
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 3; j++) {
                    change[3 * i + j] =
                            (float) (target.scale() * (b[2 * i] * a[j] + b[2 * i + 1] * a[3 + j]));
                }
            }
            assertArrayEquals(
                    new float[] {
                        -45.83317947f, -51.66649246f, -57.49980927f,
                        -22.91658974f, -25.83324623f, -28.74990463f
                    },
                    change,
                    1e-4f);
        }
    }

    private static SafetensorsWriter.Tensor tensor(String name, float[] values, long... shape) {
        return Samples.tensor(name, StoredType.F32, values, shape);
    }

    @Test
    void singularValuesWithoutAdaLorasConfigAreRefused() {
        UserException refused =
                assertThrows(
                        UserException.class,
                        () ->
                                open(
                                        Samples.random("transformer." + Q + ".lora_A", 2, 8),
                                        Samples.random("transformer." + Q + ".lora_B", 8, 2),
                                        Samples.random("transformer." + Q + ".lora_E", 2, 1)));
        assertTrue(refused.getMessage().contains("lora_E"), refused::getMessage);
    }

    @Test
    void aTransformersOwnFileStatesItsAlpha() {
        List<SafetensorsWriter.Tensor> pair =
                Samples.pair(Q, 2, 8, 8, ".lora_A.weight", ".lora_B.weight");
        String metadata = "{\"r\": 2, \"lora_alpha\": 6, \"peft_type\": \"LORA\"}";
        try (LoraFile file = open(Map.of("lora_adapter_metadata", metadata), pair)) {
            assertEquals(3, file.adapter().targets().get(Q).scale());
        }
    }

    @Test
    void anAlphaThatIsStatedTwiceMustBeOne() {
        List<SafetensorsWriter.Tensor> tensors =
                new ArrayList<>(
                        Samples.pair(
                                "transformer." + Q, 2, 8, 8, ".lora_A.weight", ".lora_B.weight"));
        tensors.add(Samples.tensor("transformer." + Q + ".alpha", StoredType.F32, new float[] {4}));
        Map<String, String> metadata =
                Map.of(
                        "lora_adapter_metadata",
                        "{\"transformer.r\": 2, \"transformer.lora_alpha\": 6}");
        UserException refused =
                assertThrows(UserException.class, () -> open(metadata, tensors).close());
        assertTrue(
                refused.getMessage().contains("is 4.0 in its tensor and 6.0"), refused::getMessage);
    }
}
