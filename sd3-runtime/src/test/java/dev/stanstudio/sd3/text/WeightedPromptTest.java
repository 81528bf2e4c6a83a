package dev.stanstudio.sd3.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings of weighted and long prompts; docs/reference/weights.py made the references. */
class WeightedPromptTest {
    private static final Path FOLDER =
            Path.of("src/test/resources/dev/stanstudio/sd3/text/weights");
    private static final double TOLERANCE = 2e-5;
    private static final String LONG = "a red door in the fog, oil on canvas, ".repeat(12);

    private static Sd3Model model(String name) {
        return Sd3Model.load(
                ModelSource.open(Goldens.own(name), null, null),
                new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true));
    }

    private static PromptEncoder.Reading reading(TextSyntax syntax, int t5Length) {
        return new PromptEncoder.Reading(0, t5Length, true).in(syntax);
    }

    private static PromptEmbeds embeds(
            Scope scope, Sd3Model model, String prompt, PromptEncoder.Reading reading) {
        return model.prompts().encode(scope, Prompt.of(prompt), reading, () -> {});
    }

    private static float[] tokens(Sd3Model model, String prompt, PromptEncoder.Reading reading) {
        try (Scope scope = Scope.open("test")) {
            return embeds(scope, model, prompt, reading).tokens().toFloats();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-3.0", "tiny-3.5"})
    void equalsTheReference(String name) throws IOException {
        JsonNode cases = new ObjectMapper().readTree(FOLDER.resolve("cases.json").toFile());
        PromptEncoder.Reading reading =
                reading(TextSyntax.WEIGHTED, cases.path("t5_length").asInt());
        TensorCollection expected = TensorCollection.open(FOLDER.resolve(name + ".safetensors"));
        double worst = 0;
        try (Sd3Model model = model(name);
                TensorFiles files = new TensorFiles();
                Scope scope = Scope.open("test")) {
            for (Map.Entry<String, JsonNode> one : cases.path("prompts").properties()) {
                PromptEmbeds embeds = embeds(scope, model, one.getValue().asText(), reading);
                assertTrue(
                        embeds.truncated().stream().allMatch(cut -> cut.startsWith("T5")),
                        one.getKey() + ": " + embeds.truncated());
                Tensor tokens = files.open(scope, expected.tensor(one.getKey() + ".prompt_embeds"));
                Tensor pooled = files.open(scope, expected.tensor(one.getKey() + ".pooled"));
                worst =
                        Math.max(
                                worst,
                                Goldens.compare(one.getKey(), embeds.tokens(), tokens, TOLERANCE));
                worst =
                        Math.max(
                                worst,
                                Goldens.compare(one.getKey(), embeds.pooled(), pooled, TOLERANCE));
            }
        }
        System.out.println("weighted prompts of " + name + ": worst error " + worst);
    }

    @Test
    void weightsOfOneAreThePlainPromptToTheBit() {
        try (Sd3Model model = model("tiny-3.0")) {
            for (String[] pair :
                    List.of(
                            new String[] {"", ""},
                            new String[] {"a red door", "a red door"},
                            new String[] {"a red door", "a (red:1) (door:1)"},
                            new String[] {"a red door", "(([a red door]:1.1):1)"},
                            new String[] {"a (red:1.3) door", "a \\(red:1.3\\) door"})) {
                assertArrayEquals(
                        tokens(model, pair[0], reading(TextSyntax.PLAIN, 40)),
                        tokens(model, pair[1], reading(TextSyntax.WEIGHTED, 40)),
                        pair[1]);
            }
        }
    }

    @Test
    void weightsChangeOnlyTheStatesOfTheirWords() {
        try (Sd3Model model = model("tiny-3.0");
                Scope scope = Scope.open("test")) {
            PromptEncoder.Reading reading = reading(TextSyntax.WEIGHTED, 40);
            PromptEmbeds plain = embeds(scope, model, "a red door", reading);
            PromptEmbeds weighted = embeds(scope, model, "a (red:2) door", reading);
            assertArrayEquals(plain.pooled().toFloats(), weighted.pooled().toFloats());
            long width = plain.tokens().size(2);
            float[] before = plain.tokens().toFloats();
            float[] after = weighted.tokens().toFloats();
            int doubled = 0;
            for (int row = 0; row < before.length / width; row++) {
                boolean same = true;
                boolean twice = true;
                for (int i = 0; i < width; i++) {
                    float was = before[(int) (row * width) + i];
                    float is = after[(int) (row * width) + i];
                    same &= was == is;
                    twice &= is == 2 * was;
                }
                assertTrue(same || twice, "row " + row);
                doubled += same ? 0 : 1;
            }
            assertTrue(doubled >= 2 && doubled <= 12, doubled + " tokens are doubled");
        }
    }

    @Test
    void longPromptsAreReadWholeAndTheirFirstChunkIsThePlainOne() {
        try (Sd3Model model = model("tiny-3.0");
                Scope scope = Scope.open("test")) {
            PromptEncoder.Reading reading = reading(TextSyntax.WEIGHTED, 512);
            int chunks = model.prompts().chunks(Prompt.of(LONG), reading);
            assertTrue(chunks > 1, chunks + " chunks");
            PromptEmbeds embeds = embeds(scope, model, LONG, reading);
            assertEquals(List.of(), embeds.truncated());
            PromptEmbeds plain = embeds(scope, model, LONG, reading(TextSyntax.PLAIN, 512));
            assertEquals(2, plain.truncated().size());
            assertEquals(plain.tokens().size(1) + (chunks - 1) * 77L, embeds.tokens().size(1));
            Tensor first = Tensors.narrow(scope, embeds.tokens(), 1, 0, 77);
            Tensor cut = Tensors.narrow(scope, plain.tokens(), 1, 0, 77);
            Goldens.compare("first chunk", first, cut, TOLERANCE);
            Goldens.compare("pooled", embeds.pooled(), plain.pooled(), TOLERANCE);
        }
    }

    @Test
    void shortPromptsGetEmptyChunksBesideLongOnes() {
        try (Sd3Model model = model("tiny-3.0")) {
            PromptEncoder.Reading reading = reading(TextSyntax.WEIGHTED, 40);
            int chunks = model.prompts().chunks(Prompt.of(LONG), reading);
            float[] one = tokens(model, "fog", reading);
            float[] more = tokens(model, "fog", reading.withChunks(chunks));
            int width = one.length / (77 + 40);
            assertEquals((chunks * 77 + 40) * width, more.length);
        }
    }

    @Test
    void promptsOfTooManyChunksAreRefused() {
        try (Sd3Model model = model("tiny-3.0")) {
            PromptEncoder.Reading reading = reading(TextSyntax.WEIGHTED, 40);
            Prompt prompt = Prompt.of("a BREAK ".repeat(33));
            ArgumentException refusal =
                    assertThrows(
                            ArgumentException.class, () -> model.prompts().chunks(prompt, reading));
            assertTrue(
                    String.valueOf(refusal.getMessage()).startsWith("the prompt fills 33 chunks"),
                    refusal.getMessage());
        }
    }
}
