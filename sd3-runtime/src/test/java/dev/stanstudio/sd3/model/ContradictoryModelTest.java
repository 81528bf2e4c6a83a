package dev.stanstudio.sd3.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.SafetensorsWriter.Tensor;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.text.T5Encoder;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models whose parts contradict each other: refused in one line, or read as the reference does. */
class ContradictoryModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TINY = Goldens.own("tiny-3.0");
    private static final String MMDIT = "model.diffusion_model.";
    private static final String QKV = MMDIT + "joint_blocks.0.x_block.attn.qkv.";
    private static final String VAE = "first_stage_model.";
    private static final String ATTENTION = VAE + "decoder.mid.attn_1.q.weight";
    private static final String PATCHES = MMDIT + "x_embedder.proj.weight";

    @TempDir private Path temporary;
    private Path model = Path.of("");
    private Path single = Path.of("");

    @BeforeEach
    void copyTheModel() throws IOException {
        model = temporary.resolve("model");
        single = temporary.resolve("single.safetensors");
        try (Stream<Path> files = Files.walk(TINY)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(TINY.relativize(file).toString()));
            }
        }
    }

    private static String refusal(ModelSource source) {
        UserException refused =
                assertThrows(
                        UserException.class,
                        () -> Sd3Model.load(source, LoadOptions.plain()).close());
        assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
        return refused.getMessage();
    }

    private void assertRefused(String reason) {
        String message =
                assertThrows(
                                UserException.class,
                                () ->
                                        Sd3Model.load(
                                                        ModelSource.open(model, null, null),
                                                        LoadOptions.plain())
                                                .close())
                        .getMessage();
        assertTrue(message.contains(reason), message);
        assertEquals(1, message.lines().count(), message);
    }

    private void assertSingleRefused(String reason, Consumer<Map<String, Tensor>> change) {
        Path file = Goldens.own("single-file/tiny-3.0_incl_clips_t5xxlfp8.safetensors");
        Rewritten.write(file, single, change);
        String message = refusal(ModelSource.open(single, null, TINY));
        assertTrue(message.contains(reason), message);
    }

    /** Sets {@code field} of a config to the JSON {@code value}, or removes it for "-". */
    private void set(String file, String field, String value) throws IOException {
        Path path = model.resolve(file);
        ObjectNode json = (ObjectNode) JSON.readTree(path.toFile());
        if (value.equals("-")) {
            json.remove(field);
        } else {
            json.set(field, JSON.readTree(value));
        }
        Files.writeString(path, json.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vae|shift_factor|-|shift_factor is missing",
                "vae|shift_factor|null|shift_factor is missing",
                "vae|scaling_factor|null|scaling_factor is missing",
                "vae|block_out_channels|[8.5,16,16,16]|must hold whole numbers",
                "vae|block_out_channels|{\"a\":8,\"b\":16,\"c\":16,\"d\":16}|must be a list",
                "vae|down_block_types|[\"AttnDownEncoderBlock2D\"]|'AttnDownEncoderBlock2D'",
                "vae|up_block_types|[\"AttnUpDecoderBlock2D\"]|'AttnUpDecoderBlock2D'",
                "vae|mid_block_add_attention|null|unexpected: decoder.mid_block.attentions",
                "transformer|dual_attention_layers|0|must be a list",
                "text_encoder_3|relative_attention_max_distance|8|not 32 and 8",
                "text_encoder_3|dense_act_fn|\"silu\"|dense_act_fn 'silu'",
                "text_encoder_3|is_gated_act|false|is_gated_act 'false'",
                "text_encoder_3|feed_forward_proj|\"relu\"|feed_forward_proj 'relu'",
            })
    void aConfigThatMeansAnotherNetworkIsRefused(
            String part, String field, String value, String reason) throws IOException {
        set(part + "/config.json", field, value);
        assertRefused(reason);
    }

    @Test
    void theDefaultOfTheFeedForwardLayerIsNotGated() throws IOException {
        String config = "text_encoder_3/config.json";
        set(config, "feed_forward_proj", "-");
        Sd3Model.load(ModelSource.open(model, null, null), LoadOptions.plain()).close();
        set(config, "is_gated_act", "-");
        assertRefused("feed_forward_proj is missing, which means 'relu'");
    }

    @Test
    void aTableOfTimestepsThatFillsTheMemoryIsRefused() throws IOException {
        set("scheduler/scheduler_config.json", "num_train_timesteps", "1000000000");
        assertRefused("num_train_timesteps is 1000000000; it must be at most 1000000");
    }

    @ParameterizedTest
    @CsvSource({
        "vae, AutoencoderTiny",
        "transformer, FluxTransformer2DModel",
        "text_encoder, CLIPTextModel",
        "text_encoder_3, UMT5EncoderModel",
        "tokenizer, BertTokenizer"
    })
    void aComponentListedAsAnotherClassIsRefused(String component, String type) throws IOException {
        set("model_index.json", component, "[\"diffusers\",\"" + type + "\"]");
        String message =
                assertThrows(UserException.class, () -> ModelSource.open(model, null, null))
                        .getMessage();
        assertTrue(message.contains("lists the " + component + " as a " + type), message);
    }

    @Test
    void aTokenizerWithMoreTokensThanTheEncoderIsRefused() throws IOException {
        set("tokenizer/vocab.json", "zzz</w>", "5000");
        assertRefused("has ids up to 5000, the encoder's table 1114 rows");
    }

    @Test
    void towersThatReadDifferentLengthsAreRefused() throws IOException {
        set("tokenizer/tokenizer_config.json", "model_max_length", "10");
        assertRefused("CLIP-L reads 10 tokens and CLIP-G 77");
    }

    @ParameterizedTest
    @CsvSource({"padding_side", "truncation_side"})
    void textReadFromTheLeftIsRefused(String side) throws IOException {
        set("tokenizer/tokenizer_config.json", side, "\"left\"");
        assertRefused(side + " 'left' is not supported");
    }

    @Test
    void theSideInTokenizerJsonCountsToo() throws IOException {
        set("tokenizer_3/tokenizer.json", "padding", "{\"direction\":\"Left\"}");
        assertRefused("padding on the side 'Left' is not supported");
    }

    @Test
    void weightsOfWholeNumbersAreRefused() {
        for (StoredType type : List.of(StoredType.I8, StoredType.I64, StoredType.BOOL)) {
            Path file = model.resolve("text_encoder/model.safetensors");
            String name = "text_model.final_layer_norm.weight";
            Rewritten.write(file, file, t -> Rewritten.put(t, name, type, 12L));
            assertRefused("stored as whole numbers, not fractions: " + name);
        }
    }

    @Test
    void aTensorUnderItsOldAndItsNewNameIsRefused() {
        Path vae = model.resolve("vae/diffusion_pytorch_model.safetensors");
        String attention = "decoder.mid_block.attentions.0.";
        byte[] good = read(vae);
        Rewritten.write(
                vae,
                vae,
                t -> Rewritten.copy(t, attention + "to_q.weight", attention + "query.weight"));
        assertRefused("twice, as " + attention);
        write(vae, good);
        Path clip = model.resolve("text_encoder/model.safetensors");
        Rewritten.write(
                clip,
                clip,
                t ->
                        Rewritten.copy(
                                t,
                                "text_model.final_layer_norm.weight",
                                "final_layer_norm.weight"));
        assertRefused("holds text_model.final_layer_norm.weight twice");
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        MMDIT + "pos_embed, " + MMDIT + "pos_embed.pos_embed",
        MMDIT + "final_layer.linear.weight, " + MMDIT + "proj_out.weight",
        MMDIT
                + "joint_blocks.0.x_block.attn.proj.weight, "
                + MMDIT
                + "transformer_blocks.0.attn.to_out.0.weight",
        QKV + "bias, " + MMDIT + "transformer_blocks.0.attn.to_k.bias",
        VAE
                + "decoder.mid.block_1.conv1.weight, "
                + VAE
                + "decoder.mid_block.resnets.0.conv1.weight",
        VAE
                + "encoder.down.0.block.0.conv1.weight, "
                + VAE
                + "encoder.down_blocks.0.resnets.0.conv1.weight",
        VAE
                + "decoder.up.3.block.0.conv1.weight, "
                + VAE
                + "decoder.up_blocks.0.resnets.0.conv1.weight"
    })
    void aSingleFileWithTwoNamesForOneTensorIsRefused(String name, String other) {
        assertSingleRefused("twice, as ", t -> Rewritten.copy(t, name, other));
    }

    @Test
    void rowsThatCannotBeCutInThreeAreRefused() {
        assertSingleRefused(
                "qkv.weight has 193 rows, which cannot be cut into 3 equal parts",
                t -> Rewritten.put(t, QKV + "weight", StoredType.F32, 193L, 64L));
    }

    @ParameterizedTest
    @CsvSource({
        "text_encoders.clip_l., .layers.1., 1 CLIP-L layers",
        "text_encoders.clip_g., .layers.2., 2 CLIP-G layers",
        "text_encoders.t5xxl., .block.1., 1 T5 layers"
    })
    void anEncoderWithoutItsLastLayersIsRefused(String encoder, String layer, String reason) {
        assertSingleRefused(
                reason + ", the companion folder's config",
                t -> t.keySet().removeIf(n -> n.startsWith(encoder) && n.contains(layer)));
    }

    @Test
    void positionBucketsOfAnotherModelAreRefused() {
        String table = "relative_attention_bias.weight";
        Consumer<Map<String, Tensor>> fewer =
                t -> {
                    String name =
                            t.keySet().stream().filter(n -> n.endsWith(table)).findFirst().get();
                    Rewritten.put(t, name, StoredType.F16, 4L, 3L);
                };
        assertSingleRefused("has 4 T5 position buckets", fewer);
    }

    @ParameterizedTest
    @CsvSource({
        PATCHES + ", 64, 16, 65536, 0, 'out_channels must be'",
        ATTENTION + ", 16, 16, 3, 0, 'wrong shape: decoder.mid_block.attentions.0.to_q.weight'",
        ATTENTION + ", 16, 16, 3, 3, 'wrong shape: decoder.mid_block.attentions.0.to_q.weight'",
        VAE + "decoder.conv_in.weight, 16, 1099511627776, 3, 0, 'has a side of 1099511627776'",
        VAE
                + "encoder.down.0.block.0.conv1.weight, 1099511627776, 8, 3, 0,"
                + " 'has a side of 1099511627776'"
    })
    void shapesOfNoNetworkAreRefused(String name, long a, long b, long c, long d, String reason) {
        assertSingleRefused(reason, t -> Rewritten.put(t, name, StoredType.F32, a, b, c, d));
    }

    @ParameterizedTest
    @CsvSource({
        VAE + "decoder.up.99999999999.block.0.conv1.weight, decoder.up.99999999999",
        MMDIT + "joint_blocks.99999999999.x_block.attn.proj.weight, joint_blocks.99999999999"
    })
    void numbersOfNoBlockAreNamed(String name, String shown) {
        assertSingleRefused(
                "unexpected: " + shown, t -> Rewritten.put(t, name, StoredType.F32, 3L));
    }

    /** The reference unties the two where they differ, and the encoder reads its own. */
    @Test
    void theEncodersOwnTableCountsWhereT5HasTwo() {
        Path file = model.resolve("text_encoder_3/model.safetensors");
        float[] shared = t5States();
        Rewritten.write(
                file,
                file,
                t -> {
                    Rewritten.copy(t, "shared.weight", "encoder.embed_tokens.weight");
                    Rewritten.put(t, "shared.weight", StoredType.F32, 512L, 32L);
                });
        assertArrayEquals(shared, t5States());
        Rewritten.write(
                file,
                file,
                t -> {
                    Rewritten.copy(t, "encoder.embed_tokens.weight", "shared.weight");
                    Rewritten.put(t, "encoder.embed_tokens.weight", StoredType.F32, 512L, 32L);
                });
        assertFalse(java.util.Arrays.equals(shared, t5States()));
    }

    private float[] t5States() {
        Placement fp32 = new Placement(Device.CPU, DType.FP32);
        try (ModelSource source = ModelSource.open(model, null, null);
                Scope scope = Scope.open("test")) {
            ModelSource.T5Part part = source.t5().orElseThrow();
            try (T5Encoder t5 = T5Encoder.load(part.config(), part.weights(), fp32, true)) {
                return t5.encode(scope, new long[][] {{5, 9, 40, 1}}, () -> {}).toFloats();
            }
        }
    }

    /** Equal weights under other configurations are another model; what nobody reads is not. */
    @ParameterizedTest
    @CsvSource({
        "scheduler/scheduler_config.json, shift, 1.5, true",
        "vae/config.json, scaling_factor, 1.4, true",
        "text_encoder/config.json, layer_norm_eps, 0.1, true",
        "text_encoder_3/config.json, layer_norm_epsilon, 0.1, true",
        "transformer/config.json, _diffusers_version, '\"9\"', false"
    })
    void theIdentityIsOfSettingsToo(String file, String field, String value, boolean other)
            throws IOException {
        try (ModelSource before = ModelSource.open(TINY, null, null)) {
            set(file, field, value);
            try (ModelSource after = ModelSource.open(model, null, null)) {
                assertEquals(before.fingerprint(), after.fingerprint());
                assertEquals(other, !before.settings().equals(after.settings()));
                assertEquals(other, !before.identity().equals(after.identity()));
            }
        }
    }

    /** Pictures of earlier versions keep this hash: another one would disown them all. */
    @Test
    void theHashOfSettingsStaysTheSame() {
        try (ModelSource source = ModelSource.open(TINY, null, null)) {
            assertEquals(
                    "15a9be36484b8a731ac9a2d578358a7c384893bc009b13dbe09c42e87c6434c8",
                    source.settings());
        }
    }
}
