package dev.stanstudio.sd3.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.sd3.model.ModelDefaults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs that somebody changed are read, with a line for each setting lost, or refused in one. */
class ComfyFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ModelDefaults DEFAULTS = new ModelDefaults(64, 48, 20, 4, 77);
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @TempDir Path folder;

    private enum Outcome {
        READ,
        READ_IN_PART,
        REFUSED
    }

    @Test
    void changedGraphsAreReadOrRefused() throws JsonProcessingException {
        Random random = new Random(20260211);
        String simple = ComfyGraphs.SIMPLE.replace("NaN", "0");
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (int i = 0; i < 800; i++) {
            JsonNode graph = JSON.readTree(i % 2 == 0 ? simple : ComfyGraphs.ADVANCED);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                if (random.nextInt(2) == 0) {
                    relink((ObjectNode) graph, random);
                } else {
                    JsonChanges.change(graph, random);
                }
            }
            outcomes.merge(outcome("prompt", graph), 1, Integer::sum);
        }
        for (Outcome outcome : Outcome.values()) {
            int count = outcomes.getOrDefault(outcome, 0);
            assertTrue(count > 40, outcome + " came about " + count + " times of 800");
        }
    }

    @Test
    void changedWorkflowsAreReadOrRefused() throws JsonProcessingException {
        Random random = new Random(20260212);
        int read = 0;
        for (int i = 0; i < 400; i++) {
            JsonNode graph = JSON.readTree(ComfyGraphs.WORKFLOW);
            for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                JsonChanges.change(graph, random);
            }
            read += outcome("workflow", graph) == Outcome.REFUSED ? 0 : 1;
        }
        assertTrue(read > 100 && read < 400, read + " of 400 were read");
    }

    @Test
    void graphsOfRandomNodesEnd() {
        Random random = new Random(20260213);
        List<String> types =
                List.of(
                        "KSampler",
                        "SamplerCustomAdvanced",
                        "Reroute",
                        "StringConcatenate",
                        "ConditioningCombine",
                        "CFGGuider",
                        "LatentUpscaleBy",
                        "VAEDecode",
                        "LoraLoader",
                        "CLIPTextEncode",
                        "SaveImage",
                        "Other");
        List<String> inputs =
                List.of(
                        "model",
                        "positive",
                        "negative",
                        "latent_image",
                        "samples",
                        "images",
                        "sampler_name",
                        "sampler",
                        "sigmas",
                        "steps",
                        "guider",
                        "noise",
                        "text",
                        "clip",
                        "string_a",
                        "string_b",
                        "conditioning_1",
                        "scale_by",
                        "seed");
        for (int i = 0; i < 200; i++) {
            ObjectNode graph = JSON.createObjectNode();
            int size = 2 + random.nextInt(40);
            for (int id = 0; id < size; id++) {
                ObjectNode node = graph.putObject(String.valueOf(id));
                node.put("class_type", types.get(random.nextInt(types.size())));
                ObjectNode given = node.putObject("inputs");
                for (int links = random.nextInt(8); links > 0; links--) {
                    given.set(inputs.get(random.nextInt(inputs.size())), link(size, random));
                }
            }
            outcome("prompt", graph);
        }
    }

    private static ArrayNode link(int size, Random random) {
        return JsonNodeFactory.instance
                .arrayNode()
                .add(String.valueOf(random.nextInt(size + 1)))
                .add(random.nextInt(3));
    }

    /** Leads an input of a node to another node. */
    private static void relink(ObjectNode graph, Random random) {
        List<ObjectNode> inputs = new ArrayList<>();
        graph.forEach(
                node -> {
                    if (node.path("inputs") instanceof ObjectNode given && !given.isEmpty()) {
                        inputs.add(given);
                    }
                });
        if (!inputs.isEmpty()) {
            ObjectNode given = inputs.get(random.nextInt(inputs.size()));
            List<String> names = new ArrayList<>();
            given.fieldNames().forEachRemaining(names::add);
            given.set(names.get(random.nextInt(names.size())), link(graph.size(), random));
        }
    }

    private Outcome outcome(String keyword, JsonNode graph) {
        // Half a character can stand in JSON, but not in a PNG.
        String text = graph.toString().replace(String.valueOf((char) 0xD800), "\\ud800");
        Path file = folder.resolve("picture.png");
        PngText.write(file, Picture.of(2, 2, PixelMode.RGB, new byte[12]), Map.of(keyword, text));
        return Assertions.assertTimeoutPreemptively(LONGEST, () -> outcome(file, text));
    }

    private static Outcome outcome(Path file, String text) {
        try {
            Recalled recalled = Recall.of(file, DEFAULTS);
            recalled.unfit().forEach(unfit -> isOneLine(unfit.why(), text));
            recalled.notes(Set.of()).forEach(note -> isOneLine(note, text));
            return recalled.unfit().isEmpty() ? Outcome.READ : Outcome.READ_IN_PART;
        } catch (UserException e) {
            isOneLine(String.valueOf(e.getMessage()), text);
            return Outcome.REFUSED;
        }
    }

    private static void isOneLine(String message, String text) {
        assertEquals(1, message.lines().count(), text + " gives: " + message);
        assertTrue(
                message.length() < 2500 && !message.contains("Exception"),
                text + " gives: " + message);
    }
}
