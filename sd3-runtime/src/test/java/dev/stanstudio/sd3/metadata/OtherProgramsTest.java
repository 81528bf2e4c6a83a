package dev.stanstudio.sd3.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of InvokeAI, NovelAI, Forge and Fooocus in pictures. */
class OtherProgramsTest {
    private static final ModelDefaults DEFAULTS = new ModelDefaults(64, 48, 20, 4, 77);
    private static final SamplingOptions KARRAS =
            SamplingOptions.of(4, 5.5, SamplerKind.DPMPP_2M)
                    .withSigmaSchedule(SigmaSchedule.KARRAS);
    private static final String INVOKE =
            """
            {"generation_mode": "sd3_txt2img", "positive_prompt": "a fox", "negative_prompt": "fog",
             "width": 128, "height": 96, "seed": 42, "rand_device": "cpu", "cfg_scale": 5.5,
             "steps": 4, "scheduler": "dpmpp_2m_k", "clip_skip": 0, "seamless_x": false,
             "model": {"key": "7", "hash": "blake3:ab", "name": "sd3.5", "base": "sd-3"},
             "loras": [{"model": {"name": "ink"}, "weight": 0.7}], "strength": 0.6,
             "app_version": "5.6.0"}
            """;
    private static final String NOVEL =
            """
            {"prompt": "a fox", "steps": 4, "height": 96, "width": 128, "scale": 5.5,
             "uncond_scale": 0.0, "cfg_rescale": 0.0, "seed": 0, "n_samples": 1,
             "noise_schedule": "karras", "sampler": "k_dpmpp_2m", "sm": false, "uc": "fog",
             "extra_noise_seed": 5, "request_type": "PromptGenerateRequest", "signed_hash": "x"}
            """;

    @TempDir Path folder;

    private Recalled recall(Map<String, String> texts) {
        Path file = folder.resolve("picture.png");
        PngText.write(file, Picture.of(2, 2, PixelMode.RGB, new byte[12]), texts);
        return Recall.of(file, DEFAULTS);
    }

    private static void isRead(Recalled recalled, String program, long seed) {
        GenerationRequest request = recalled.request();
        assertEquals(List.of(), recalled.unfit());
        assertEquals("a fox", request.prompt().text());
        assertEquals("fog", request.negative().text());
        assertEquals(List.of(seed), request.seeds());
        assertEquals(128, request.width());
        assertEquals(96, request.height());
        assertEquals(KARRAS, request.sampling());
        notes(recalled, "Settings of another program (" + program + ")");
    }

    private static void notes(Recalled recalled, String... parts) {
        List<String> notes = recalled.notes(Set.of());
        for (String part : parts) {
            assertTrue(
                    notes.stream().anyMatch(note -> note.contains(part)),
                    "no note says " + part + ": " + notes);
        }
    }

    @Test
    void invokesSettingsAreRead() {
        Recalled recalled = recall(Map.of("invokeai_metadata", INVOKE));
        isRead(recalled, "InvokeAI", 42);
        notes(recalled, "the model sd3.5 (hash blake3:ab)", "loras: ", "strength: 0.6");
        assertEquals(4, recalled.notes(Set.of()).size(), recalled.notes(Set.of()).toString());
    }

    @Test
    void invokesPromptMayStandAlone() {
        Recalled recalled = recall(Map.of("invokeai_metadata", "{\"positive_prompt\":\"a fox\"}"));
        assertEquals("a fox", recalled.request().prompt().text());
        notes(recalled, "names no seed");
    }

    @Test
    void aGuidanceThatChangesOnTheWayIsSaid() {
        Recalled recalled =
                recall(
                        Map.of(
                                "invokeai_metadata",
                                INVOKE.replace("\"cfg_scale\": 5.5", "\"cfg_scale\": [5, 6]")));
        assertEquals(4, recalled.request().sampling().guidance());
        notes(recalled, "cfg_scale: [5,6] is not taken over", "It names no guidance");
    }

    @Test
    void novelsSettingsAreRead() {
        Map<String, String> texts = Map.of("Software", "NovelAI", "Comment", NOVEL);
        Recalled recalled = recall(texts);
        isRead(recalled, "NovelAI", 0);
        notes(recalled, "extra_noise_seed: 5 is not taken over");
        assertEquals(2, recalled.notes(Set.of()).size(), recalled.notes(Set.of()).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "webp"})
    void novelsAndFooocusCommentsAreRead(String format) throws IOException {
        String escaped = NOVEL.replace("\"", "\\\"").replace("\n", " ");
        String novel = "{\"Software\": \"NovelAI\", \"Comment\": \"" + escaped + "\"}";
        isRead(comment(format, novel), "NovelAI", 0);
        String fooocus =
                NOVEL.replace("\"uc\"", "\"negative_prompt\"")
                        .replace("\"scale\"", "\"guidance_scale\"")
                        .replace("noise_schedule", "scheduler")
                        .replace("{\"prompt\"", "{\"version\": \"Fooocus v2.5\", \"prompt\"");
        isRead(comment(format, fooocus), "Fooocus", 0);
        Recalled said = comment(format, fooocus.replace("a fox", "NovelAI's fox"));
        assertEquals("NovelAI's fox", said.request().prompt().text());
    }

    private Recalled comment(String format, String text) throws IOException {
        Path file = folder.resolve("picture." + format);
        Files.write(file, ExifBytes.of(format, Map.of(ExifBytes.COMMENT, text)));
        return Recall.of(file, DEFAULTS);
    }

    @Test
    void changedSettingsAreReadOrRefusedInOneLine() throws JsonProcessingException {
        Random random = new Random(20260214);
        int read = 0;
        for (int i = 0; i < 300; i++) {
            JsonNode settings = new ObjectMapper().readTree(i % 2 == 0 ? INVOKE : NOVEL);
            JsonChanges.change(settings, random);
            JsonChanges.change(settings, random);
            String text =
                    settings.toString()
                            .replace(String.valueOf((char) 0xD800), "\\ud800")
                            .replace("0.6", "NaN");
            read +=
                    isRead(
                                    i % 2 == 0
                                            ? Map.of("invokeai_metadata", text)
                                            : Map.of("Software", "NovelAI", "Comment", text))
                            ? 1
                            : 0;
        }
        assertTrue(read > 150 && read < 300, read + " of 300 were read");
    }

    /** Tells whether it is read, each line by itself; anything but a refusal fails. */
    private boolean isRead(Map<String, String> texts) {
        try {
            Recalled recalled = recall(texts);
            recalled.unfit().forEach(unfit -> assertEquals(1, unfit.why().lines().count()));
            recalled.notes(Set.of()).forEach(note -> assertEquals(1, note.lines().count(), note));
            return true;
        } catch (UserException e) {
            String message = String.valueOf(e.getMessage());
            assertTrue(message.lines().count() == 1 && !message.contains("Exception"), message);
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'Version: f2.0.1v1.10.1-previous-659', (Forge)",
        "'Version: f1.0.0v2-v1.10.1RC-latest', (Forge)",
        "'Version: Fooocus v2.5.5', (Fooocus)",
        "'Version: ComfyUI', (ComfyUI)",
        "'App: SD.Next, Version: 0b5a7d6', (SD.Next)",
        "Version: v1.10.1, another program;",
    })
    void theProgramBehindA1111sTextIsNamed(String version, String named) {
        Recalled recalled =
                recall(
                        Map.of(
                                "parameters",
                                "a fox\n"
                                    + "Steps: 4, Sampler: Euler, Schedule type: Simple, CFG scale:"
                                    + " 4.5, Shift: 3, Seed: 7, Size: 128x96, Module 1: clip_l, "
                                        + version));
        assertEquals(3.0, recalled.request().sampling().shift());
        notes(recalled, named, "Module 1: clip_l is not taken over");
        assertFalse(recalled.notes(Set.of()).toString().contains("Shift"));
    }
}
