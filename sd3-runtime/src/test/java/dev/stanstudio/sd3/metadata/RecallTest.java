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
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings in pictures of other programs, and notes on the rest. */
class RecallTest {
    private static final ModelDefaults DEFAULTS = new ModelDefaults(64, 48, 20, 4, 77);
    private static final String SWARM =
            """
            {
              "sui_image_params": {
                "prompt": "a lighthouse by the sea",
                "negativeprompt": "fog",
                "model": "sd3_medium",
                "seed": 6687881544318117707,
                "steps": 4,
                "cfgscale": 5.5,
                "width": 128,
                "height": 96,
                "sampler": "dpmpp_2m",
                "scheduler": "karras",
                "loras": ["ink"],
                "swarm_version": "0.9.7.0"
              },
              "sui_extra_data": { "date": "2026-01-02", "original_prompt": "a <random:x|y>" }
            }
            """;
    private static final String FOOOCUS =
            """
            {"prompt": "a lighthouse by the sea", "negative_prompt": "fog", "seed": "42",
             "steps": 4, "guidance_scale": 5.5, "resolution": "(128, 96)", "sharpness": 2.0,
             "sampler": "dpmpp_2m", "scheduler": "karras", "base_model": "juggernaut",
             "metadata_scheme": "fooocus", "version": "Fooocus v2.5.5"}
            """;

    @TempDir Path folder;

    private Path png(Map<String, String> texts) {
        Path file = folder.resolve("picture.png");
        PngText.write(file, Picture.of(2, 2, PixelMode.RGB, new byte[12]), texts);
        return file;
    }

    private Recalled recall(String parameters) {
        return Recall.of(png(Map.of("parameters", parameters)), DEFAULTS);
    }

    private String refusal(Map<String, String> texts) {
        Path file = png(texts);
        String message =
                String.valueOf(
                        assertThrows(UserException.class, () -> Recall.of(file, DEFAULTS))
                                .getMessage());
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    private static void notes(Recalled recalled, String... parts) {
        List<String> notes = recalled.notes(Set.of());
        for (String part : parts) {
            assertTrue(
                    notes.stream().anyMatch(note -> note.contains(part)),
                    "no note says " + part + ": " + notes);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "6687881544318117707, 6687881544318117707",
        "9007199254740993, 9007199254740993",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, 0",
        "18446744073709551615, 9223372036854775807",
        "18446744073709551614, 9223372036854775806",
        "-5, 9223372036854775803",
        "0, 0",
    })
    void seedsKeepTheirBitsOrTheirNoise(String given, long taken) {
        Recalled recalled = recall("a fox\nSteps: 4, CFG scale: 5, Seed: " + given);
        assertEquals(List.of(taken), recalled.request().seeds());
        assertEquals(List.of(), recalled.unfit());
        if (!given.equals(String.valueOf(taken))) {
            notes(recalled, "The seed " + given);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"18446744073709551616", "1e5", "4.5", "abc", "\"1,2\""})
    void whatIsNoSeedIsUnfit(String given) {
        Recalled recalled = recall("a fox\nSteps: 4, CFG scale: 5, Seed: " + given);
        assertEquals(
                List.of(Setting.SEED),
                recalled.unfit().stream().map(Recalled.Unfit::setting).toList());
    }

    @Test
    void chanceIsSaid() {
        notes(recall("a fox\nSteps: 4, CFG scale: 5, Seed: -1"), "Seed -1 stands for chance");
        notes(recall("a fox\nSteps: 4, CFG scale: 5, Size: 64x64"), "names no seed");
        assertEquals(
                List.of(),
                recall("a fox\nSteps: 4, CFG scale: 5, Seed: -1")
                        .notes(Set.of(Setting.SEED))
                        .stream()
                        .filter(note -> note.contains("Seed"))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {SWARM, FOOOCUS})
    void jsonIsReadAndNeverAPrompt(String json) {
        Recalled recalled = recall(json);
        GenerationRequest request = recalled.request();
        assertEquals("a lighthouse by the sea", request.prompt().text());
        assertEquals("fog", request.negative().text());
        assertEquals(json.equals(SWARM) ? 6687881544318117707L : 42, request.seeds().get(0));
        assertEquals(128, request.width());
        assertEquals(96, request.height());
        assertEquals(
                SamplingOptions.of(4, 5.5, SamplerKind.DPMPP_2M)
                        .withSigmaSchedule(SigmaSchedule.KARRAS),
                request.sampling());
        assertEquals(List.of(), recalled.unfit());
        notes(
                recalled,
                json.equals(SWARM) ? "(SwarmUI)" : "(Fooocus)",
                json.equals(SWARM) ? "the model sd3_medium" : "the model juggernaut",
                json.equals(SWARM) ? "loras: [\"ink\"] is not taken over" : "sharpness: 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"a\": 1}",
                "[{\"prompt\": \"x\"}]",
                "{\"prompt\": [1, 2], \"seed\": 3}",
                "{\"prompt\": \"x\"",
                "{\"sui_image_params\": null}",
                "{'prompt': 'a cat', 'seed': 3}",
                "\uFEFF{ 'sui_image_params': {'prompt': 'a cat'}}",
                "\"{\\\"prompt\\\": \\\"a cat\\\"}\"",
                "\"[{\\\"prompt\\\": \\\"a cat\\\"}]\"",
                "\uFEFF{}",
            })
    void otherJsonIsRefusedInOneLine(String json) {
        String message = refusal(Map.of("parameters", json));
        assertTrue(message.contains("JSON"), message);
    }

    @Test
    void jsonBehindAByteOrderMarkIsNoPrompt() {
        for (String before : List.of("\uFEFF", " \uFEFF\n", "\uFEFF\uFEFF")) {
            GenerationRequest request = recall(before + SWARM).request();
            assertEquals("a lighthouse by the sea", request.prompt().text());
            assertEquals(6687881544318117707L, request.seeds().get(0));
        }
    }

    @Test
    void aSettingUnderTwoNamesIsSaid() {
        Recalled recalled =
                recall("{\"prompt\": \"x\", \"cfg_scale\": 7, \"guidance_scale\": 3.5}");
        assertEquals(3.5, recalled.request().sampling().guidance());
        notes(recalled, "guidance: 7 is not taken over");
    }

    @Test
    void deepAndHugeJsonIsRefused() {
        String deep = "{\"prompt\":\"x\",\"a\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}";
        assertTrue(refusal(Map.of("parameters", deep)).contains("damaged JSON"));
        String digits = "{\"prompt\":\"x\",\"seed\":" + "9".repeat(50_000) + "}";
        assertTrue(refusal(Map.of("parameters", digits)).contains("damaged JSON"));
        String longest = "a fox ".repeat(20_000);
        assertEquals(Setting.PROMPT, recall(longest).unfit().get(0).setting());
    }

    @Test
    void aPromptMayBeginWithABrace() {
        assertEquals("{red|blue} fox", recall("{red|blue} fox").request().prompt().text());
        assertEquals("[a:b:0.5] fox", recall("[a:b:0.5] fox").request().prompt().text());
        notes(recall("[a:b:0.5] fox"), "no line of settings", "Prompt syntax such as [a:b:0.5]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt|{\"3\":{\"class_type\":\"KSampler\",\"inputs\":{}}}|ComfyUI",
                "workflow|{\"nodes\":[]}|ComfyUI",
                "invokeai_metadata|{\"app_version\":\"5.6.0\"}|InvokeAI",
                "invokeai_metadata|{\"positive_prompt\":[]}|InvokeAI",
                "invokeai_metadata|{\"positive_prompt\":|InvokeAI's settings are damaged JSON",
                "invokeai_metadata|7|InvokeAI",
                "Dream|a fox -s 50|InvokeAI",
                "sd-metadata|{\"image\":{}}|InvokeAI",
                "Software|NovelAI|NovelAI",
                "Title|a fox|carries no settings",
                "parameters|''|carries no settings",
                "parameters|' '|carries no settings",
            })
    void otherProgramsAreNamed(String keyword, String text, String named) {
        String message = refusal(Map.of(keyword, text));
        assertTrue(message.contains(named), message);
    }

    @Test
    void unknownSamplersAndSizesAreUnfitUntilReplaced() {
        Recalled recalled =
                recall("a fox\nSteps: 4, Sampler: DPM++ 3M SDE Karras, Seed: 7, Size: 1000x600");
        assertEquals(
                Set.of(Setting.SAMPLER, Setting.WIDTH, Setting.HEIGHT),
                Set.copyOf(recalled.unfit().stream().map(Recalled.Unfit::setting).toList()));
        assertEquals(SigmaSchedule.KARRAS, recalled.request().sampling().sigmaSchedule());
        assertEquals(64, recalled.request().width());
        assertTrue(
                recalled.firstUnfit(Set.of(Setting.SAMPLER, Setting.WIDTH, Setting.HEIGHT))
                        .isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "Euler, EULER",
        "k_heun, HEUN",
        "dpmpp_2m, DPMPP_2M",
        "UniPC, UNIPC",
        "uni_pc, UNIPC",
        "uni_pc_bh2, UNIPC",
        "Res Multistep, RES_MULTISTEP",
        "res_multistep, RES_MULTISTEP",
        "Euler a, EULER_ANCESTRAL",
        "k_euler_a, EULER_ANCESTRAL",
        "euler_ancestral, EULER_ANCESTRAL",
        "DPM++ 2M SDE, DPMPP_2M_SDE",
        "DPM++ 2M SDE Karras, DPMPP_2M_SDE",
        "dpmpp_2m_sde, DPMPP_2M_SDE",
        "dpmpp_2m_sde_gpu, DPMPP_2M_SDE",
        "er_sde, ER_SDE",
        "ER SDE, ER_SDE",
        "lcm, LCM",
        "LCM Karras, LCM",
    })
    void samplersAreKnownByTheNamesOfOtherPrograms(String name, SamplerKind kind) {
        Recalled recalled = recall("a fox\nSteps: 4, Sampler: " + name + ", Seed: 1");
        assertEquals(List.of(), recalled.unfit());
        assertEquals(kind, recalled.request().sampling().sampler());
    }

    @ParameterizedTest
    @CsvSource({
        "Karras, KARRAS, false",
        "Beta, BETA, false",
        "Automatic, , false",
        "Simple, SIMPLE, false",
        "simple, SIMPLE, false",
        "Normal, NORMAL, false",
        "SGM Uniform, SGM_UNIFORM, false",
        "sgm_uniform, SGM_UNIFORM, false",
        "DDIM, DDIM_UNIFORM, false",
        "ddim_uniform, DDIM_UNIFORM, false",
        "KL Optimal, KL_OPTIMAL, false",
        "kl_optimal, KL_OPTIMAL, false",
        "Linear Quadratic, LINEAR_QUADRATIC, false",
        "linear_quadratic, LINEAR_QUADRATIC, false",
        "Polyexponential, , true",
        "Align Your Steps, , true",
    })
    void scheduleTypesAreTakenOrNoted(String type, @Nullable SigmaSchedule taken, boolean noted) {
        Recalled recalled =
                recall("a fox\nSteps: 4, Sampler: Euler, Schedule type: " + type + ", Seed: 1");
        assertEquals(taken, recalled.request().sampling().sigmaSchedule());
        assertEquals(
                noted,
                recalled.notes(Set.of()).stream().anyMatch(n -> n.contains("'" + type + "'")));
    }

    @Test
    void whatIsNotTakenOverIsSaid() {
        Recalled recalled =
                recall(
                        "a (red:1.3) fox, <lora:ink:0.8>\n"
                                + "Negative prompt: fog <lora:x:1>\n"
                                + "Steps: 4, Sampler: Euler, CFG scale: 4,5, Seed: 1, Size: 64x64,"
                                + " Model hash: 0123abcd, Model: other, Clip skip: 2, Denoising"
                                + " strength: 0.5, Hires upscale: 2, Lora hashes: \"ink: 12\"");
        assertEquals("a (red:1.3) fox", recalled.request().prompt().text());
        assertEquals("fog", recalled.request().negative().text());
        assertEquals(4.5, recalled.request().sampling().guidance());
        notes(
                recalled,
                "(red:1.3)",
                "<lora:ink:0.8>",
                "<lora:x:1>",
                "the model other (hash 0123abcd)",
                "Clip skip: 2",
                "Denoising strength: 0.5",
                "Hires upscale: 2",
                "Lora hashes: ink: 12");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Latent | 0.7 | 10 | 2,strength=0.7,steps=10,by=latent",
                "Latent (nearest-exact) | 0.5 | 0 | 2,strength=0.5,by=latent-nearest",
                "Lanczos | 0.45 | 12 | 2,strength=0.45,steps=12,by=picture"
            })
    void secondPassesAreTaken(String upscaler, String strength, String steps, String pass) {
        Recalled recalled = recall(hires(upscaler, strength, steps));
        assertEquals(HiresPass.parse(pass), recalled.request().hires());
        assertTrue(
                recalled.notes(Set.of()).stream()
                        .noneMatch(n -> n.contains("Hires") || n.contains("Denoising")));
    }

    @Test
    void secondPassesThatCannotBeTakenAreSaid() {
        Recalled named = recall(hires("R-ESRGAN 4x+", "0.4", "8"));
        assertNull(named.request().hires());
        notes(
                named,
                "Hires upscaler: R-ESRGAN 4x+",
                "Denoising strength: 0.4",
                "--hires 2,strength=0.4,steps=8,by=FILE");
        Recalled strong = recall(hires("Latent", "1.5", "8"));
        assertNull(strong.request().hires());
        notes(strong, "strength of a hires pass must be above 0 up to 1, not 1.5");
    }

    private static String hires(String upscaler, String strength, String steps) {
        return ("a fox\nSteps: 4, Sampler: Euler, Seed: 1, Size: 64x64, Denoising strength: %s,"
                        + " Hires upscale: 2, Hires steps: %s, Hires upscaler: %s")
                .formatted(strength, steps, upscaler);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((cat))",
                "[dog]",
                "\\(",
                "AND",
                "{red|blue}",
                "<random:a|b>",
                "<segment:face>"
            })
    void promptSyntaxThatIsPlainTextHereIsSaid(String syntax) {
        Recalled recalled = recall("a fox " + syntax + "\nSteps: 4, Sampler: Euler, Seed: 3");
        assertEquals("a fox " + syntax, recalled.request().prompt().text());
        notes(recalled, "Prompt syntax such as " + syntax + " is read as plain text.");
    }

    /** A syntax that the caller gives makes the note on brackets untrue, not that on tags. */
    @Test
    void bracketsAreNoPlainTextWhereTheCallerGivesASyntax() {
        Recalled recalled = recall("a (fox:1.3) <lora:ink:1>\nSteps: 4, Sampler: Euler, Seed: 3");
        notes(recalled, "Weights such as (fox:1.3) are read as plain text.");
        List<String> given = recalled.notes(Set.of(Setting.SYNTAX));
        assertFalse(given.toString().contains("plain text"), given.toString());
        assertTrue(given.toString().contains("<lora:ink:1>"), given.toString());
        List<String> otherPrompt = recalled.notes(Set.of(Setting.PROMPT));
        assertFalse(otherPrompt.toString().contains("(fox:1.3)"), otherPrompt.toString());
    }

    @Test
    void whatIsNotNamedIsSaid() {
        Recalled recalled = recall("a fox\nCFG scale: 4, Seed: 3, Model: x");
        notes(
                recalled,
                "It names no steps; the model's own, ",
                "It names no sampler; the model's own, ",
                "It names no width; the model's own, ",
                "It names no height; the model's own, ");
        assertFalse(
                recalled.notes(Set.of(Setting.STEPS)).stream()
                        .anyMatch(n -> n.contains("no steps")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4d", "0x1p3", "4f", "1e999", "--4"})
    void guidanceIsADecimalNumber(String given) {
        Recalled recalled =
                recall("a fox\nSteps: 4, Sampler: Euler, CFG scale: " + given + ", Seed: 3");
        assertTrue(
                recalled.firstUnfit(Set.of())
                        .filter(unfit -> unfit.setting() == Setting.GUIDANCE)
                        .isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\r\n", "\n"})
    void anyEndOfLineAndByteOrderMarksAreNoText(String end) {
        Recalled recalled =
                recall(
                        "\uFEFFa fox"
                                + end
                                + "Negative prompt: fog"
                                + end
                                + "Steps: 4, Sampler: Euler, Seed: 3");
        assertEquals("a fox", recalled.request().prompt().text());
        assertEquals("fog", recalled.request().negative().text());
        assertEquals(4, recalled.request().sampling().steps());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(-64, 64)", "(64, -64)"})
    void aSidesSignIsNotDropped(String resolution) {
        Recalled recalled =
                recall(
                        "{\"prompt\": \"a fox\", \"negative_prompt\": \"\", \"seed\": \"1\","
                                + " \"steps\": 4, \"guidance_scale\": 4, \"resolution\": \""
                                + resolution
                                + "\", \"version\": \"Fooocus v2\"}");
        assertTrue(recalled.firstUnfit(Set.of()).isPresent());
    }

    @Test
    void linesAfterTheSettingsAreNoPrompt() {
        Recalled recalled =
                recall(
                        "a fox\nNegative prompt: fog\nSteps: 4, Sampler: Euler, Seed: 3, Size:"
                                + " 64x64\nTemplate: {a|b} fox\n\nNegative Template: fog");
        assertEquals("a fox", recalled.request().prompt().text());
        assertEquals("fog", recalled.request().negative().text());
        assertEquals(List.of(3L), recalled.request().seeds());
        notes(recalled, "What follows the settings is not taken over: Template: {a|b} fox");
    }

    @ParameterizedTest
    @ValueSource(strings = {"big-endian", "little-endian", "without a code"})
    void theCommentOfAJpegIsRead(String order) throws IOException {
        Path file = folder.resolve("picture.jpg");
        boolean coded = !order.equals("without a code");
        Files.write(file, Base64.getDecoder().decode(jpeg(order.equals("little-endian"), coded)));
        Recalled recalled = Recall.of(file, DEFAULTS);
        assertEquals("a fox", recalled.request().prompt().text());
        assertEquals(List.of(7L), recalled.request().seeds());
        assertEquals("a fox", Recall.prompt(file).orElseThrow());
    }

    /** Start of image, an EXIF segment of one comment, end of image. */
    private static String jpeg(boolean little, boolean coded) {
        String text = "a fox\nSteps: 4, Sampler: Euler, Seed: 7";
        java.nio.charset.Charset wide =
                little
                        ? java.nio.charset.StandardCharsets.UTF_16LE
                        : java.nio.charset.StandardCharsets.UTF_16BE;
        byte[] code =
                (coded ? "UNICODE\0" : "").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] comment = text.getBytes(coded ? wide : java.nio.charset.StandardCharsets.US_ASCII);
        java.nio.ByteBuffer tiff = java.nio.ByteBuffer.allocate(44 + code.length + comment.length);
        tiff.order(little ? java.nio.ByteOrder.LITTLE_ENDIAN : java.nio.ByteOrder.BIG_ENDIAN);
        tiff.put((byte) (little ? 'I' : 'M')).put((byte) (little ? 'I' : 'M'));
        tiff.putShort((short) 42).putInt(8);
        tiff.putShort((short) 1).putShort((short) 0x8769).putShort((short) 4).putInt(1).putInt(26);
        tiff.putInt(0);
        tiff.putShort((short) 1).putShort((short) 0x9286).putShort((short) 7);
        tiff.putInt(code.length + comment.length).putInt(44).putInt(0);
        tiff.put(code).put(comment);
        int length = 2 + 6 + tiff.capacity();
        java.nio.ByteBuffer jpeg = java.nio.ByteBuffer.allocate(2 + 2 + length + 2);
        jpeg.putShort((short) 0xFFD8).putShort((short) 0xFFE1).putShort((short) length);
        jpeg.put("Exif\0\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII)).put(tiff.array());
        jpeg.putShort((short) 0xFFD9);
        return Base64.getEncoder().encodeToString(jpeg.array());
    }
}
