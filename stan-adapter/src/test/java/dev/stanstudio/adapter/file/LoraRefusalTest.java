package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.SafetensorsException;
import dev.stanstudio.safetensors.SafetensorsException.Violation;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoraRefusalTest {
    private static final String MODULE = "transformer.transformer_blocks.0.attn.to_q";
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";
    private static final byte[] PICKLE = {(byte) 0x80, 2, 'c', 'o', 's', '\n'};

    @TempDir private Path folder;

    private UserException refusal(Path path) {
        UserException refused =
                assertThrows(UserException.class, () -> LoraFile.open(path).close());
        assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
        return refused;
    }

    private void assertRefused(String reason, List<SafetensorsWriter.Tensor> tensors) {
        Path file = Samples.write(folder.resolve("lora.safetensors"), Map.of(), tensors);
        String message = refusal(file).getMessage();
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains(file.toString()), message);
    }

    private static List<SafetensorsWriter.Tensor> with(SafetensorsWriter.Tensor... more) {
        List<SafetensorsWriter.Tensor> tensors =
                new ArrayList<>(Samples.pair(MODULE, 2, 8, 8, DOWN, UP));
        tensors.addAll(List.of(more));
        return tensors;
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora_mid.weight", "lora_B.bias", "lora_up.bias"})
    void whatIsMoreThanLowRankIsRefused(String ending) {
        assertRefused("which is not supported", with(Samples.random(MODULE + "." + ending, 8)));
    }

    @Test
    void halfAPairIsRefused() {
        assertRefused(
                MODULE + DOWN + " without its B", List.of(Samples.random(MODULE + DOWN, 2, 8)));
        assertRefused(MODULE + UP + " without its A", List.of(Samples.random(MODULE + UP, 8, 2)));
    }

    @Test
    void factorsOfDifferentRankAreRefused() {
        assertRefused(
                "A [2, 8] and B [8, 3] do not make a weight",
                List.of(Samples.random(MODULE + DOWN, 2, 8), Samples.random(MODULE + UP, 8, 3)));
        assertRefused(
                "A [0, 8] and B [8, 0]",
                List.of(Samples.random(MODULE + DOWN, 0, 8), Samples.random(MODULE + UP, 8, 0)));
        assertRefused(
                "A [16] and B [8, 2]",
                List.of(Samples.random(MODULE + DOWN, 16), Samples.random(MODULE + UP, 8, 2)));
    }

    @Test
    void oneModuleTwiceIsRefused() {
        List<SafetensorsWriter.Tensor> tensors = with();
        tensors.addAll(
                Samples.pair(
                        "lora_unet_joint_blocks_0_x_block_attn_qkv",
                        2,
                        8,
                        24,
                        ".lora_down.weight",
                        ".lora_up.weight"));
        assertRefused("two LoRAs of transformer_blocks.0.attn.to_q", tensors);
        assertRefused("holds both", with(Samples.random(MODULE + ".lora_down.weight", 2, 8)));
    }

    @Test
    void rowsThatCannotBeCutAreRefused() {
        assertRefused(
                "_attn_qkv.lora_up.weight has 25 rows, which cannot be cut into 3 equal parts",
                Samples.pair(
                        "lora_unet_joint_blocks_0_x_block_attn_qkv",
                        2,
                        8,
                        25,
                        ".lora_down.weight",
                        ".lora_up.weight"));
    }

    @Test
    void anAlphaThatIsNoNumberIsRefused() {
        assertRefused("must be one number", with(Samples.random(MODULE + ".alpha", 2)));
        assertRefused(
                "alpha is NaN",
                with(Samples.tensor(MODULE + ".alpha", StoredType.F32, new float[] {Float.NaN})));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proj_out.weight",
                "norm_out.linear.bias",
                "context_embedder.weight",
                "pos_embed.proj.bias",
                "time_text_embed.text_embedder.linear_1.weight",
                "x_embedder.proj.weight",
                "final_layer.linear.weight"
            })
    void wholeTensorsOutsideOfBlocksAreRefusedUnderTheirOwnPaths(String name) {
        assertRefused(
                "holds " + name + ", a tensor of the transformer", with(Samples.random(name, 8)));
    }

    @ParameterizedTest
    @CsvSource({
        "hada_w1_a, LoHa without its hada_w1_b",
        "lokr_w1, make no matrix",
        "oft_blocks, are no blocks of a rotation",
        "oft_R.weight, OFT",
        "glora_A, GLoRA",
        "a1.weight, GLoRA",
        "on_input, must be one number",
        "lora_diag, KaSA",
        "diff, are no difference of a linear layer",
        "diff_b, full without its diff",
        "w_norm, trained norms",
        "b_norm, trained norms",
        "reshape_weight, weights of another shape",
        "weight, a module trained whole",
        "scalar, a tensor of the transformer that is no part of a LoRA"
    })
    void anAdapterOfAnotherKindIsNamedAloneAndMixed(String ending, String kind) {
        String other = "transformer.transformer_blocks.1.attn.to_q." + ending;
        assertRefused(kind, with(Samples.random(other, 8)));
        assertRefused("transformer_blocks.1.attn.to_q", with(Samples.random(other, 8)));
    }

    @Test
    void aFileWithoutALoraIsRefused() {
        assertRefused(
                "holds no LoRA of Stable Diffusion 3; its first tensor is a.weight",
                List.of(Samples.random("a.weight", 8, 2)));
        assertRefused("holds no LoRA of Stable Diffusion 3", List.of());
    }

    @Test
    void quantisedFactorsAreRefused() {
        assertRefused(
                "is stored as I8",
                List.of(
                        Samples.random(MODULE + UP, 8, 2),
                        new SafetensorsWriter.Tensor(
                                MODULE + DOWN,
                                StoredType.I8,
                                List.of(2L, 8L),
                                channel -> channel.write(ByteBuffer.allocate(16)))));
    }

    @Test
    void aConfigThatContradictsTheTensorsIsRefused() {
        Samples.write(
                folder.resolve("adapter_model.safetensors"),
                Map.of(),
                Samples.pair("base_model.model.proj_out", 2, 8, 64, DOWN, UP));
        Samples.json(folder.resolve("adapter_config.json"), Map.of("r", 4));
        String message = refusal(folder).getMessage();
        assertEquals(
                folder.resolve("adapter_config.json")
                        + " states rank 4 for proj_out, its tensors have rank 2",
                message);
    }

    @Test
    void metadataThatIsNoJsonIsRefused() {
        Path file =
                Samples.write(
                        folder.resolve("lora.safetensors"),
                        Map.of("lora_adapter_metadata", "{"),
                        with());
        assertTrue(refusal(file).getMessage().contains("lora_adapter_metadata is not JSON"));
    }

    @Test
    void picklesAreRefusedUnderAnyName() throws IOException {
        for (String name : List.of("adapter_model.bin", "lora.pt", "lora.safetensors")) {
            Path own = Files.createDirectory(folder.resolve(name + ".d"));
            Files.write(own.resolve(name), PICKLE);
            assertPickle(own.resolve(name));
            assertPickle(own);
        }
        Path peft = folder.resolve("adapter_model.bin.d");
        Samples.json(peft.resolve("adapter_config.json"), Map.of());
        assertPickle(peft);
    }

    private void assertPickle(Path path) {
        UserException refused = refusal(path);
        assertEquals(
                Violation.PICKLE, ((SafetensorsException) refused).violation(), path::toString);
    }

    @Test
    void placesWithoutAnAdapterAreNamed() throws IOException {
        assertEquals(
                "there is no adapter at " + folder.resolve("none"),
                refusal(folder.resolve("none")).getMessage());
        assertTrue(refusal(folder).getMessage().startsWith(folder + " holds no adapter"));
        Samples.write(folder.resolve("a.safetensors"), Map.of(), with());
        LoraFile.open(folder).close();
        Samples.write(folder.resolve("b.safetensors"), Map.of(), with());
        assertEquals(
                folder + " holds 2 safetensors files; name one of them",
                refusal(folder).getMessage());
    }
}
