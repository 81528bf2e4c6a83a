package dev.stanstudio.sd3.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.SkipLayerGuidance;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs of ComfyUI in pictures. */
class ComfyRecallTest {
    private static final ModelDefaults DEFAULTS = new ModelDefaults(64, 48, 20, 4, 77);

    private static final String SIMPLE = ComfyGraphs.SIMPLE;
    private static final String ADVANCED = ComfyGraphs.ADVANCED;

    @TempDir Path folder;

    private Path png(Map<String, String> texts) {
        Path file = folder.resolve("picture.png");
        PngText.write(file, Picture.of(2, 2, PixelMode.RGB, new byte[12]), texts);
        return file;
    }

    private Recalled recall(String graph) {
        return Recall.of(png(Map.of("prompt", graph)), DEFAULTS);
    }

    private String refusal(String graph) {
        Path file = png(Map.of("prompt", graph));
        String message =
                String.valueOf(
                        assertThrows(UserException.class, () -> Recall.of(file, DEFAULTS))
                                .getMessage());
        assertTrue(message.lines().count() == 1 && message.length() < 500, message);
        assertTrue(message.contains("ComfyUI"), message);
        return message;
    }

    private static String changed(String graph, String from, String to) {
        assertTrue(graph.contains(from), from);
        return graph.replace(from, to);
    }

    /** {@code graph} with further nodes. */
    private static String with(String graph, String nodes) {
        return graph.stripTrailing().replaceFirst("\\}$", "," + nodes + "}");
    }

    private static void notes(Recalled recalled, String... parts) {
        List<String> notes = recalled.notes(Set.of());
        for (String part : parts) {
            assertTrue(
                    notes.stream().anyMatch(note -> note.contains(part)),
                    "no note says " + part + ": " + notes);
        }
    }

    private static void unfit(Recalled recalled, Setting setting, String part) {
        assertTrue(
                recalled.unfit().stream()
                        .anyMatch(u -> u.setting() == setting && u.why().contains(part)),
                setting + " " + part + ": " + recalled.unfit());
    }

    private static void isSimple(Recalled recalled) {
        GenerationRequest request = recalled.request();
        assertEquals(List.of(), recalled.unfit());
        assertEquals(PromptTexts.of("a fox"), request.prompt());
        assertEquals(PromptTexts.of("fog"), request.negative());
        assertEquals(List.of(6687881544318117707L), request.seeds());
        assertEquals(128, request.width());
        assertEquals(96, request.height());
        assertEquals(
                SamplingOptions.of(4, 5.5, SamplerKind.DPMPP_2M)
                        .withSigmaSchedule(SigmaSchedule.KARRAS)
                        .withShift(2.5),
                request.sampling());
    }

    @Test
    void aGraphIsFollowedFromItsSaver() {
        Recalled recalled = recall(SIMPLE);
        isSimple(recalled);
        assertEquals(
                List.of(
                        "Settings of another program (ComfyUI); the picture will not be the same.",
                        "It was made by the model sd3.safetensors, which is not looked for here."),
                recalled.notes(Set.of()));
        assertEquals("a fox", Recall.prompt(folder.resolve("picture.png")).orElseThrow());
    }

    @Test
    void aSamplerOfSeveralNodesIsRead() {
        Recalled recalled = recall(ADVANCED);
        GenerationRequest request = recalled.request();
        assertEquals(List.of(), recalled.unfit());
        assertEquals(new PromptTexts("a fox", "a red fox", "A fox in snow."), request.prompt());
        assertEquals(PromptTexts.of(""), request.negative());
        assertEquals(List.of(Long.MAX_VALUE), request.seeds());
        assertEquals(128, request.width());
        assertEquals(96, request.height());
        assertEquals(
                SamplingOptions.of(7, 4.5, SamplerKind.EULER).withSigmaSchedule(SigmaSchedule.BETA),
                request.sampling());
        assertEquals(new SkipLayerGuidance(List.of(7, 8, 9), 2.5, 0.05, 0.2), request.skipLayer());
        notes(
                recalled,
                "set to zeros (ConditioningZeroOut (4))",
                "noise levels",
                "batch of 2",
                "empty_padding: none",
                "the model sd35.safetensors",
                "The seed 18446744073709551615");
        assertFalse(
                recalled.notes(Set.of()).stream().anyMatch(n -> n.startsWith("Further nodes")),
                recalled.notes(Set.of()).toString());
    }

    @Test
    void aGuiderWithoutNegativePromptIsNoGuidance() {
        String graph =
                changed(ADVANCED, "\"CFGGuider\"", "\"BasicGuider\"")
                        .replace("\"cfg\": 4.5, ", "")
                        .replace("\"positive\": [\"3\", 0]", "\"conditioning\": [\"3\", 0]")
                        .replace("\"negative\": [\"4\", 0]", "\"unused\": 1");
        GenerationRequest request = recall(graph).request();
        assertEquals(1, request.sampling().guidance());
        assertEquals("a fox", request.prompt().text());
    }

    @Test
    void theLastOfSeveralSamplersCounts() {
        String graph =
                with(
                        changed(SIMPLE, "\"samples\": [\"6\", 0]", "\"samples\": [\"10\", 0]"),
                        """
                        "9": {"class_type": "LatentUpscaleBy",
                              "inputs": {"upscale_method": "bislerp", "scale_by": 1.5,
                                         "samples": ["6", 0]}},
                        "10": {"class_type": "KSampler",
                               "inputs": {"seed": 9, "steps": 6, "cfg": 3, "sampler_name": "euler",
                                          "scheduler": "simple", "denoise": 0.55,
                                          "model": ["2", 0], "positive": ["3", 0],
                                          "negative": ["4", 0], "latent_image": ["9", 0]}}
                        """);
        Recalled recalled = recall(graph);
        assertEquals(List.of(), recalled.unfit());
        assertEquals(List.of(9L), recalled.request().seeds());
        assertEquals(6, recalled.request().sampling().steps());
        assertEquals(192, recalled.request().width());
        assertEquals(144, recalled.request().height());
        notes(
                recalled,
                "2 samplers before this picture; the settings are those of the last, KSampler (10);"
                        + " not taken over: KSampler (6).",
                "KSampler (10) began from another picture with denoise 0.55");
    }

    @Test
    void anInitialPictureIsSaid() {
        String graph =
                with(
                        changed(SIMPLE, "[\"5\", 0]", "[\"9\", 0]")
                                .replace("\"denoise\": 1.0", "\"denoise\": 0.4"),
                        """
                        "9": {"class_type": "VAEEncode",
                              "inputs": {"pixels": ["10", 0], "vae": ["1", 2]}},
                        "10": {"class_type": "LoadImage", "inputs": {"image": "cat.png"}}
                        """);
        Recalled recalled = recall(graph);
        notes(
                recalled,
                "initial picture: cat.png is not taken over",
                "began from another picture with denoise 0.4",
                "Nodes of its graph that do not lead to this picture: 1.");
        unfit(recalled, Setting.WIDTH, "it comes from LoadImage (10), which names no size");
        assertEquals(64, recalled.request().width());
    }

    @Test
    void lorasAndOtherNodesAreNamed() {
        String graph =
                with(
                        changed(SIMPLE, "\"model\": [\"2\", 0]", "\"model\": [\"11\", 0]")
                                .replace("\"images\": [\"7\", 0]", "\"images\": [\"12\", 0]")
                                .replace("\"positive\": [\"3\", 0]", "\"positive\": [\"14\", 0]"),
                        """
                        "9": {"class_type": "LoraLoader",
                              "inputs": {"lora_name": "ink.safetensors", "strength_model": 0.8,
                                         "strength_clip": 1, "model": ["2", 0], "clip": ["1", 1]}},
                        "10": {"class_type": "Power Lora Loader (rgthree)",
                               "inputs": {"lora_1": {"on": true, "lora": "wash", "strength": 0.5},
                                          "lora_2": {"on": false, "lora": "off", "strength": 1},
                                          "model": ["9", 0]}},
                        "11": {"class_type": "RescaleCFG",
                               "inputs": {"multiplier": 0.7, "model": ["10", 0]}},
                        "12": {"class_type": "ImageSharpen",
                               "inputs": {"alpha": 1, "image": ["7", 0]}},
                        "13": {"class_type": "ControlNetLoader", "inputs": {"name": "canny"}},
                        "14": {"class_type": "ControlNetApplyAdvanced",
                               "inputs": {"positive": ["3", 0], "negative": ["4", 0],
                                          "control_net": ["13", 0], "strength": 1}}
                        """);
        Recalled recalled = recall(graph);
        isSimple(recalled);
        notes(
                recalled,
                "LoRA: ink.safetensors (strength 0.8) is not taken over",
                "LoRA: wash (strength 0.5) is not taken over",
                "The node RescaleCFG (11) is not taken over",
                "The node ImageSharpen (12) changes the finished picture",
                "The node ControlNetApplyAdvanced (14) acts on the prompt",
                "Further nodes before it are not taken over: ControlNetLoader (13).");
        assertFalse(recalled.notes(Set.of()).toString().contains("off"));
    }

    @Test
    void combinedPromptsAreSaid() {
        String graph =
                with(
                        changed(SIMPLE, "\"negative\": [\"4\", 0]", "\"negative\": [\"9\", 0]"),
                        """
                        "9": {"class_type": "ConditioningCombine",
                              "inputs": {"conditioning_1": ["4", 0], "conditioning_2": ["3", 0]}}
                        """);
        Recalled recalled = recall(graph);
        isSimple(recalled);
        notes(recalled, "negative prompt is made of several (ConditioningCombine (9))");
    }

    @Test
    void textsAreJoinedAndValuesOfUnknownNodesRefused() {
        String graph =
                with(
                        changed(SIMPLE, "\"text\": \"a fox\"", "\"text\": [\"9\", 0]")
                                .replace("\"steps\": 4", "\"steps\": [\"11\", 0]")
                                .replace("\"text\": \"fog\"", "\"text\": [\"12\", 0]"),
                        """
                        "9": {"class_type": "StringConcatenate",
                              "inputs": {"string_a": ["10", 0], "string_b": "in snow",
                                         "delimiter": ", "}},
                        "10": {"class_type": "PrimitiveString", "inputs": {"value": "a fox"}},
                        "11": {"class_type": "StepsByMoon", "inputs": {"moon": 1, "sun": 2}},
                        "12": {"class_type": "PromptEnhancer", "inputs": {"text": "fog", "n": 3}}
                        """);
        Recalled recalled = recall(graph);
        assertEquals("a fox, in snow", recalled.request().prompt().text());
        assertEquals("fog", recalled.request().negative().text());
        assertEquals(20, recalled.request().sampling().steps());
        unfit(recalled, Setting.STEPS, "StepsByMoon (11), a node that is not known here");
        notes(recalled, "PromptEnhancer (12), which may have changed it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'positive': ['3', 0]|'positive': ['99', 0]|PROMPT|is missing",
                "'positive': ['3', 0]|'positive': ['6', 0]|PROMPT|in a circle",
                "'positive': ['3', 0]|'positive': ['5', 0]|PROMPT|not known here",
                "'positive': ['3', 0]|'positive': 7|PROMPT|has nothing at its input positive",
                "'text': 'a fox'|'text': {'a': 1}|PROMPT|is no single value",
                "'text': 'a fox'|'text': ['3', 0]|PROMPT|in a circle",
                "'steps': 4|'steps': 'four'|STEPS|must be a whole number",
                "'steps': 4|'steps': 1e9|STEPS|must be a whole number",
                "'cfg': 5.5|'cfg': NaN|GUIDANCE|must be a number",
                "'cfg': 5.5|'cfg': []|GUIDANCE|is no single value",
                "'seed': 6687881544318117707|'seed': 1.5|SEED|is no seed",
                "'seed': 6687881544318117707|'seed': ['7', 0]|SEED|not known here",
                "'width': 128|'width': 100|WIDTH|divisible by 16",
                "'sampler_name': 'dpmpp_2m'|'sampler_name': 'dpm_fast'|SAMPLER|not known here",
                "'latent_image': ['5', 0]|'latent_image': ['6', 0]|WIDTH|in a circle",
                "'latent_image': ['5', 0]|'latent_image': ['99', 0]|HEIGHT|is missing",
            })
    void whatCannotBeReadIsUnfit(String from, String to, Setting setting, String why) {
        Recalled recalled = recall(changed(SIMPLE, from.replace('\'', '"'), to.replace('\'', '"')));
        unfit(recalled, setting, why);
        assertTrue(
                recalled.unfit().stream()
                        .allMatch(u -> u.why().lines().count() == 1 && u.why().length() < 300));
    }

    @ParameterizedTest
    @CsvSource({"-1, above 0", "'\"x\"', must be a number"})
    void aShiftThatCannotBeIsSaid(String shift, String why) {
        Recalled recalled = recall(changed(SIMPLE, "\"shift\": 2.5", "\"shift\": " + shift));
        assertNull(recalled.request().sampling().shift());
        notes(recalled, "Not taken over: shift must be " + why.replace("must be ", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'samples': ['6', 0]|'samples': ['7', 0]|no sampler",
                "'samples': ['6', 0]|'samples': 3|no sampler",
                "'class_type': 'KSampler'|'class_type': 5|is missing",
                "{'1'|{'0': [[[}, '1'|damaged JSON",
            })
    void graphsWithoutAWayAreRefusedInOneLine(String from, String to, String why) {
        String message = refusal(changed(SIMPLE, from.replace('\'', '"'), to.replace('\'', '"')));
        assertTrue(message.contains(why), message);
    }

    @Test
    void aNodeThatIsMissingIsSaid() {
        String gone = "the node that the input images of SaveImage (8) leads to is missing";
        Recalled recalled =
                recall(changed(SIMPLE, "\"images\": [\"7\", 0]", "\"images\": [\"99\", 0]"));
        isSimple(recalled);
        notes(recalled, "In its graph " + gone);
    }

    @Test
    void deepAndHugeGraphsEnd() {
        assertTrue(refusal("{\"class_type\":" + "[".repeat(50_000)).contains("damaged"));
        StringBuilder chain = new StringBuilder();
        for (int i = 100; i < 60_000; i++) {
            chain.append(
                    "\"%d\":{\"class_type\":\"Reroute\",\"inputs\":{\"\":[\"%d\",0]}},"
                            .formatted(i, i + 1));
        }
        String graph =
                with(
                        changed(SIMPLE, "\"text\": \"a fox\"", "\"text\": [\"100\", 0]"),
                        chain
                                + "\"60000\":{\"class_type\":\"PrimitiveString\",\"inputs\":{\"value\":\"x\"}}");
        unfit(recall(graph), Setting.PROMPT, "too many");
    }

    @Test
    void aTextOfTenMegabytesIsRefusedAtOnce() {
        String text = "[:a (b ".repeat(1_500_000);
        Recalled recalled = recall(changed(SIMPLE, "a fox", text));
        unfit(recalled, Setting.PROMPT, "characters is too long");
        assertEquals("fog", recalled.request().negative().text());
    }

    @Test
    void theStepsOfAnAdvancedSamplerAreSaid() {
        String graph =
                changed(SIMPLE, "\"KSampler\"", "\"KSamplerAdvanced\"")
                        .replace("\"seed\"", "\"noise_seed\"")
                        .replace(
                                "\"denoise\": 1.0",
                                "\"add_noise\": \"disable\", \"start_at_step\": 1,"
                                        + " \"end_at_step\": 3");
        Recalled recalled = recall(graph);
        isSimple(recalled);
        notes(recalled, "add_noise: disable", "start_at_step: 1", "end_at_step: 3");
    }

    @Test
    void aCustomSamplerIsRead() {
        String graph =
                with(
                        changed(SIMPLE, "\"KSampler\"", "\"SamplerCustom\"")
                                .replace("\"seed\"", "\"noise_seed\"")
                                .replace(
                                        "\"steps\": 4",
                                        "\"sigmas\": [\"11\", 0], \"sampler\": [\"9\", 0]")
                                .replace("\"sampler_name\": \"dpmpp_2m\",", "")
                                .replace("\"scheduler\": \"karras\", \"denoise\": 1.0,", ""),
                        """
                        "9": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "dpmpp_2m"}},
                        "10": {"class_type": "BasicScheduler",
                               "inputs": {"scheduler": "karras", "steps": 4, "denoise": 1,
                                          "model": ["2", 0]}},
                        "11": {"class_type": "SplitSigmas",
                               "inputs": {"sigmas": ["10", 0], "step": 2}}
                        """);
        Recalled recalled = recall(graph);
        isSimple(recalled);
        notes(recalled, "SplitSigmas (11) changes the sigmas");
    }

    @Test
    void aSecondPassThroughPixelsLosesItsSizeOnly() {
        String graph =
                with(
                        changed(SIMPLE, "\"samples\": [\"6\", 0]", "\"samples\": [\"10\", 0]"),
                        """
                        "9": {"class_type": "KSampler", "inputs": {}},
                        "10": {"class_type": "KSampler",
                               "inputs": {"seed": 9, "steps": 6, "cfg": 3, "sampler_name": "euler",
                                          "scheduler": "simple", "denoise": 0.3,
                                          "model": ["2", 0], "positive": ["3", 0],
                                          "negative": ["4", 0], "latent_image": ["11", 0]}},
                        "11": {"class_type": "VAEEncode", "inputs": {"pixels": ["12", 0]}},
                        "12": {"class_type": "ImageUpscaleWithModel",
                               "inputs": {"upscale_model": ["13", 0], "image": ["14", 0]}},
                        "13": {"class_type": "UpscaleModelLoader", "inputs": {"model_name": "x4"}},
                        "14": {"class_type": "VAEDecode", "inputs": {"samples": ["6", 0]}}
                        """);
        Recalled recalled = recall(graph);
        assertEquals(6, recalled.request().sampling().steps());
        assertEquals(2, recalled.unfit().size(), recalled.unfit().toString());
        unfit(recalled, Setting.WIDTH, "ImageUpscaleWithModel (12) changes it");
        notes(recalled, "denoise 0.3", "UpscaleModelLoader (13)");
    }

    @Test
    void embeddingsAndClipSkipAreSaid() {
        String graph =
                with(
                        changed(SIMPLE, "\"a fox\"", "\"a fox, embedding:bad_hands\"")
                                .replaceFirst("\"clip\": \\[\"1\", 1\\]", "\"clip\": [\"9\", 0]"),
                        """
                        "9": {"class_type": "CLIPSetLastLayer",
                              "inputs": {"stop_at_clip_layer": -2, "clip": ["1", 1]}}
                        """);
        Recalled recalled = recall(graph);
        notes(recalled, "embedding:bad_hands", "stop_at_clip_layer: -2 is not taken over");
    }

    @Test
    void textsThatDoubleEachOtherEnd() {
        StringBuilder chain = new StringBuilder();
        for (int i = 100; i < 140; i++) {
            chain.append(
                    ("\"%d\":{\"class_type\":\"StringConcatenate\",\"inputs\":{\"string_a\":[\"%d\",0],"
                         + "\"string_b\":[\"%d\",0]}},")
                            .formatted(i, i + 1, i + 1));
        }
        String graph =
                with(
                        changed(SIMPLE, "\"text\": \"a fox\"", "\"text\": [\"100\", 0]"),
                        chain + "\"140\":{\"class_type\":\"String\",\"inputs\":{\"value\":\"\"}}");
        unfit(recall(graph), Setting.PROMPT, "too many");
    }

    @Test
    void picturesThatAreSavedBesideAreSaid() {
        String graph =
                with(
                        SIMPLE,
                        """
                        "20": {"class_type": "KSampler",
                               "inputs": {"seed": 1, "steps": 1, "cfg": 1, "sampler_name": "euler",
                                          "scheduler": "normal", "denoise": 1, "model": ["1", 0],
                                          "positive": ["3", 0], "negative": ["4", 0],
                                          "latent_image": ["5", 0]}},
                        "21": {"class_type": "VAEDecode", "inputs": {"samples": ["20", 0]}},
                        "22": {"class_type": "PreviewImage", "inputs": {"images": ["21", 0]}}
                        """);
        Recalled recalled = recall(graph);
        isSimple(recalled);
        notes(
                recalled,
                "saves 2 pictures; the settings are those of SaveImage (8)",
                "lead to this picture: 3.");
    }

    @Test
    void aGraphBesideA1111sTextIsSaid() {
        Recalled recalled =
                Recall.of(
                        png(
                                Map.of(
                                        "prompt",
                                        SIMPLE,
                                        "parameters",
                                        "a cat\nSteps: 4, Sampler: Euler, Seed: 3")),
                        DEFAULTS);
        assertEquals("a cat", recalled.request().prompt().text());
        notes(recalled, "carries ComfyUI's graph too");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "webp"})
    void fieldsOfExifAreRead(String format) throws IOException {
        Path file = folder.resolve("picture." + format);
        for (String text :
                List.of("prompt:" + SIMPLE, "Prompt: " + SIMPLE, "{\"prompt\": " + SIMPLE + "}")) {
            Map<Integer, String> fields =
                    text.startsWith("{")
                            ? Map.of(ExifBytes.COMMENT, text)
                            : Map.of(0x010F, "workflow:{\"nodes\":[]}", 0x0110, text);
            Files.write(file, ExifBytes.of(format, fields));
            isSimple(Recall.of(file, DEFAULTS));
        }
    }

    @Test
    void aLargeGraphInAWebpIsRead() throws IOException {
        Path file = folder.resolve("picture.webp");
        String graph =
                with(
                        SIMPLE,
                        "\"9\":{\"class_type\":\"Other\",\"inputs\":{\"data\":\""
                                + "a".repeat(3 << 20)
                                + "\"}}");
        Files.write(file, ExifBytes.of("webp", Map.of(0x0110, "prompt:" + graph)));
        isSimple(Recall.of(file, DEFAULTS));
    }

    @Test
    void theEditorsGraphServesAlone() {
        Recalled recalled = Recall.of(png(Map.of("workflow", ComfyGraphs.WORKFLOW)), DEFAULTS);
        isSimple(recalled);
        assertEquals(2, recalled.notes(Set.of()).size(), recalled.notes(Set.of()).toString());
    }
}
