package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.metadata.A1111Parameters;
import dev.stanstudio.sd3.metadata.PngText;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code studio generate} as users call it: files written, exit codes, one line for every mistake.
 */
class GenerateEndToEndTest {
    @TempDir Path folder;

    private static Run studio(String... args) {
        return Run.of(
                new Interruption(Thread.currentThread()),
                ServiceLoader.load(StudioCommand.class),
                args);
    }

    private Run generate(String... more) {
        List<String> args = new ArrayList<>();
        args.addAll(List.of("generate", "--model", Goldens.own("tiny-3.0").toString()));
        args.addAll(List.of("--width", "64", "--height", "48", "--max-sequence-length", "77"));
        args.addAll(List.of(more));
        return studio(args.toArray(String[]::new));
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return Set.copyOf(files.map(f -> f.getFileName().toString()).toList());
        }
    }

    @Test
    void writesAPictureThatRepeatsItself() throws IOException {
        Path first = folder.resolve("first.png");
        Path second = folder.resolve("second.png");
        Run run =
                generate(
                        "--prompt",
                        "a lighthouse",
                        "--style",
                        "woodcut",
                        "--seed",
                        "7",
                        "--steps",
                        "2",
                        "--out",
                        first.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertEquals(first.toString(), run.out().strip());
        Map<String, String> texts = PngText.read(first);
        A1111Parameters shown = A1111Parameters.parse(texts.get("parameters"));
        assertEquals("a lighthouse, in the style of woodcut", shown.prompt());
        assertEquals("64x48", shown.settings().get("Size"));
        assertEquals("7", shown.settings().get("Seed"));

        Run again =
                studio(
                        "generate",
                        "--from",
                        first.toString(),
                        "--model",
                        Goldens.own("tiny-3.0").toString(),
                        "--out",
                        second.toString());
        assertEquals(ExitCodes.DONE, again.code(), again.err());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        assertEquals(Set.of("first.png", "second.png"), names());
    }

    private Path foreign(String parameters) {
        Path file = folder.resolve("foreign.png");
        PngText.write(
                file,
                Picture.of(2, 2, PixelMode.RGB, new byte[12]),
                Map.of("parameters", parameters));
        return file;
    }

    private Run from(Path file, String... more) {
        List<String> args = new ArrayList<>();
        args.addAll(List.of("generate", "--model", Goldens.own("tiny-3.0").toString()));
        args.addAll(List.of("--from", file.toString()));
        args.addAll(List.of("--out", folder.resolve("again.png").toString()));
        args.addAll(List.of("--max-sequence-length", "77"));
        args.addAll(List.of(more));
        return studio(args.toArray(String[]::new));
    }

    @Test
    void optionsReplaceWhatCannotBeRecalled() throws IOException {
        Path file =
                foreign(
                        "a fox <lora:ink:1>\nSteps: 1, Sampler: DPM2 a, CFG scale: 1, Seed:"
                                + " 6687881544318117707, Size: 1000x600, Clip skip: 2");
        Run width = from(file, "--sampler", "euler", "--height", "48");
        assertEquals(2, width.code());
        assertTrue(width.err().contains("not 1000; use 992 or 1008; give one with --width"));
        Run sampler = from(file, "--width", "64", "--height", "48");
        assertTrue(sampler.err().contains("'DPM2 a' is not known here; give one with --sampler"));
        Run run = from(file, "--sampler", "euler", "--width", "64", "--height", "48", "--json");
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        JsonNode json = new ObjectMapper().readTree(run.out()).path(0);
        assertEquals("6687881544318117707", json.path("seed").asText());
        for (String note : List.of("Settings of another program", "<lora:ink:1>", "Clip skip: 2")) {
            assertTrue(run.err().contains("note: ") && run.err().contains(note), run.err());
            assertTrue(json.path("notes").toString().contains(note), json.toString());
        }
    }

    @Test
    void optionsThatChangeNothingAreSaid() throws IOException {
        Path out = folder.resolve("idle.png");
        List<String> plain = List.of("--prompt", "a fox", "--seed", "1", "--steps", "1");
        String[][] cases = {
            {"--mu changes nothing", "--mu", "2"},
            {"--shift changes nothing", "--shift", "2", "--dynamic-shifting"},
            {"--negative-prompt changes nothing", "--negative-prompt", "x", "--guidance", "1"},
            {"--skip-layers changes nothing", "--skip-layers", "1", "--guidance", "1"},
            {"--prompt-3 changes nothing", "--prompt-3", "x", "--no-t5"},
            {
                "--guidance-variants changes nothing",
                "--guidance-variants",
                "apg",
                "--guidance",
                "1"
            },
            {
                "--guidance-variants pag=0x3@0-0.5 acts in none",
                "--guidance-variants",
                "pag=0@0-0.5"
            },
            {
                "--skip-layers (--slg-start 0.01 to --slg-stop 0.2) acts in none of 1 steps",
                "--skip-layers",
                "1"
            },
            {"", "--guidance-variants", "rescale=0.5", "--guidance", "1"},
            {"", "--mu", "2", "--dynamic-shifting"},
            {"", "--shift", "2", "--negative-prompt", "x", "--prompt-3", "x"},
        };
        for (String[] one : cases) {
            List<String> args = new ArrayList<>(plain);
            args.addAll(List.of(one).subList(1, one.length));
            args.addAll(List.of("--json", "--out", out.toString()));
            Run run = generate(args.toArray(String[]::new));
            assertEquals(ExitCodes.DONE, run.code(), run.err());
            JsonNode notes = new ObjectMapper().readTree(run.out()).path(0).path("notes");
            assertEquals(one[0].isEmpty() ? 0 : 1, notes.size(), run.out());
            assertTrue(notes.path(0).asText().startsWith(one[0]), run.out());
            assertEquals(!one[0].isEmpty(), run.err().contains("note: "), run.err());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 0, ''",
        "18446744073709551615, 2, 9223372036854775807 begins from the same noise",
        "18446744073709551616, 2, 'seeds go up to 9223372036854775807'",
        "-1, 2, 'a seed must not be negative: -1'",
        "1e3, 2, 'a seed is a whole number'",
    })
    void seedsHave64Bits(String seed, int code, String words) {
        Run run =
                generate(
                        "--prompt=a",
                        "--steps=1",
                        "--guidance=1",
                        "--seed=" + seed,
                        "--json",
                        "--out=" + folder.resolve("seed.png"));
        assertEquals(code, run.code(), run.err());
        assertTrue((run.err() + run.out()).contains(words.isEmpty() ? seed : words), run.err());
    }

    @Test
    void nothingIsDrawnThatNoPngCanTellOf() throws IOException {
        Run run =
                generate(
                        "--prompt",
                        "a" + (char) 0xD800,
                        "--out",
                        folder.resolve("x.png").toString());
        assertEquals(2, run.code(), run.err());
        assertTrue(run.err().contains("half of a character"), run.err());
        assertEquals(Set.of(), names());
    }

    @Test
    void numbersThatOverflowMakeNoPicture() throws IOException {
        Run run =
                generate(
                        "--prompt",
                        "a",
                        "--steps",
                        "2",
                        "--seed",
                        "1",
                        "--guidance",
                        "1e38",
                        "--out",
                        folder.resolve("x.png").toString());
        assertEquals(1, run.code(), run.err());
        assertTrue(run.err().contains("NaN or infinite"), run.err());
        assertEquals(Set.of(), names());
    }

    @Test
    void numbersSeveralPicturesAndPrintsJson() throws IOException {
        Run run =
                generate(
                        "--prompt",
                        "gulls",
                        "--seed",
                        "3",
                        "--count",
                        "2",
                        "--steps",
                        "1",
                        "--json",
                        "--out",
                        folder.resolve("new").toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertEquals(2, json.size());
        assertEquals(4, json.path(1).path("seed").asLong());
        assertTrue(Files.exists(folder.resolve("new/00000-3.png")));
        assertTrue(Files.exists(folder.resolve("new/00001-4.png")));
        generate(
                "--prompt",
                "gulls",
                "--seed",
                "3",
                "--steps",
                "1",
                "--out",
                folder.resolve("new").toString());
        assertTrue(Files.exists(folder.resolve("new/00002-3.png")), "numbers go on");
    }

    @Test
    void traceHoldsEveryStep() {
        Path trace = folder.resolve("trace.safetensors");
        Run run =
                generate(
                        "--prompt",
                        "rain",
                        "--seed",
                        "1,5",
                        "--steps",
                        "2",
                        "--trace",
                        trace.toString(),
                        "--out",
                        folder.resolve("rain.png").toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        TensorCollection tensors = TensorCollection.open(trace);
        assertEquals(
                Set.of(
                        "prompt_embeds",
                        "pooled_prompt_embeds",
                        "negative_prompt_embeds",
                        "negative_pooled_prompt_embeds",
                        "sigmas",
                        "latents.0",
                        "latents.1",
                        "latents.2",
                        "image"),
                tensors.tensors().keySet());
        assertEquals(List.of(2L, 16L, 6L, 8L), tensors.tensor("latents.2").info().shape());
        assertEquals(List.of(1L, 154L, 32L), tensors.tensor("prompt_embeds").info().shape());
        assertTrue(Files.exists(folder.resolve("rain-1.png")));
    }

    @Test
    void givenLatentsAreUsed() throws IOException {
        Path trace = folder.resolve("t.safetensors");
        Path first = folder.resolve("a.png");
        Path second = folder.resolve("b.png");
        generate(
                "--prompt",
                "hail",
                "--seed",
                "9",
                "--steps",
                "1",
                "--trace",
                trace.toString(),
                "--out",
                first.toString());
        Path noise = folder.resolve("noise.safetensors");
        Latents.copy(trace, "latents.0", noise);
        Run run =
                generate(
                        "--prompt",
                        "hail",
                        "--seed",
                        "1",
                        "--steps",
                        "1",
                        "--latents",
                        noise.toString(),
                        "--out",
                        second.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertEquals(Picture.read(first), Picture.read(second));
    }

    @Test
    void changesOneSettingOfAPicture() {
        Path first = folder.resolve("a.png");
        Path second = folder.resolve("b.png");
        generate("--prompt", "fog", "--seed", "2", "--steps", "1", "--out", first.toString());
        Run run =
                studio(
                        "generate",
                        "--from",
                        first.toString(),
                        "--model",
                        Goldens.own("tiny-3.0").toString(),
                        "--seed",
                        "3",
                        "--out",
                        second.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertTrue(PngText.read(second).get("parameters").contains("Seed: 3"));
        assertTrue(PngText.read(second).get("parameters").startsWith("fog"));
    }

    @Test
    void paintsFromAPictureWithinAMask() {
        Path out = folder.resolve("out.png");
        Run run =
                generate(
                        "--prompt",
                        "moon",
                        "--seed",
                        "2",
                        "--steps",
                        "3",
                        "--init-image",
                        Goldens.own("inputs/picture.png").toString(),
                        "--mask",
                        Goldens.own("inputs/mask.png").toString(),
                        "--strength",
                        "0.7",
                        "--out",
                        out.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertTrue(PngText.read(out).get("parameters").contains("Denoising strength: 0.7"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--width | 100 | 2 | divisible by 16",
                "--height | 0 | 2 | divisible by 16",
                "--width | 4096 | 2 | at most 192",
                "--sampler | ddim | 2 | euler, heun, dpmpp-2m",
                "--sigma-schedule | foo | 2 | karras",
                "--sigmas | 0.5,0.8 | 2 | fall",
                "--sigmas | 1.5 | 2 | 1.5",
                "--sigmas | a,b | 2 | numbers",
                "--steps | 0 | 2 | steps",
                "--steps | many | 2 | many",
                "--seed | x | 2 | --seed",
                "--seed | -1 | 2 | negative",
                "--count | 0 | 2 | --count",
                "--count | 2147483647 | 2 | at most 100000",
                "--device | cuda:7 | 2 | cuda:7",
                "--device | tpu | 2 | tpu",
                "--dtype | int8 | 2 | fp32, fp16 or bf16",
                "--offload | all | 2 | encoders",
                "--shift | 0 | 2 | shift",
                "--guidance | NaN | 2 | guidance",
                "--clip-skip | 9 | 2 | clip skip",
                "--max-sequence-length | 513 | 2 | 512",
                "--skip-layers | 7 | 2 | blocks 0",
                "--slg-scale | 2 | 2 | --skip-layers",
                "--guidance-variants | rescale=2 | 2 | not 2.0",
                "--guidance-variants | softer | 2 | 'softer'",
                "--guidance-variants | pag=7 | 2 | blocks 0",
                "--prompt-syntax | brackets | 2 | plain or weighted",
                "--strength | 0.5 | 2 | --init-image",
                "--mask | m.png | 2 | --init-image",
                "--init-image | missing.png | 1 | missing.png",
                "--latents | missing.safetensors | 1 | missing.safetensors",
                "--from | missing.png | 1 | missing.png",
                "--out | picture.jpg | 2 | .png",
                "--out | /dev/null/x.png | 1 | /dev/null",
                "--no-such-option | 1 | 2 | --no-such-option",
            })
    void mistakesGetOneLine(String option, String value, int code, String names)
            throws IOException {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "generate",
                                "--model",
                                Goldens.own("tiny-3.0").toString(),
                                "--prompt",
                                "x"));
        args.addAll(List.of(option, value));
        if (!option.equals("--out")) {
            args.addAll(List.of("--out", folder.resolve("x.png").toString()));
        }
        Run run = studio(args.toArray(String[]::new));
        assertEquals(code, run.code(), run.err());
        assertEquals(1, run.err().strip().lines().count(), run.err());
        assertTrue(run.err().contains(names), run.err());
        assertEquals(Set.of(), names());
    }

    @Test
    void aPromptOfAHundredThousandCharactersIsRefused() {
        Run run = generate("--prompt", "a".repeat(100_000), "--out", folder + "/x.png");
        assertEquals(ExitCodes.BAD_ARGUMENTS, run.code());
        assertTrue(run.err().contains("100000 characters"), run.err());
        assertTrue(run.err().length() < 300, run.err());
    }

    @Test
    void aMaskOfAnotherSizeIsRefused() {
        Path small = folder.resolve("small.png");
        Picture.of(2, 2, PixelMode.GREY, new byte[4]).writePng(small);
        Run run =
                generate(
                        "--prompt",
                        "x",
                        "--init-image",
                        Goldens.own("inputs/picture.png").toString(),
                        "--mask",
                        small.toString(),
                        "--out",
                        folder + "/x.png");
        assertEquals(ExitCodes.BAD_ARGUMENTS, run.code(), run.err());
        assertTrue(run.err().contains("90×70"), run.err());
    }

    @ParameterizedTest
    @CsvSource({"pickle,only safetensors", "text,safetensors", "empty,no model_index.json"})
    void wrongModelsAreNamed(String kind, String names) throws IOException {
        Path model = folder.resolve("model");
        switch (kind) {
            case "pickle" -> Files.write(model, new byte[] {(byte) 0x80, 2, 'c', 'o', 's', 10});
            case "text" -> Files.writeString(model, "this is no model at all, only text");
            default -> Files.createDirectories(model);
        }
        Run run = studio("generate", "--model", model.toString(), "--prompt", "x");
        assertEquals(ExitCodes.FAILED, run.code(), run.err());
        assertEquals(1, run.err().strip().lines().count(), run.err());
        assertTrue(run.err().contains(names), run.err());
    }

    @Test
    void doctorReportsModelAndMachine() throws IOException {
        Run run = studio("doctor", "--json", "--model", Goldens.own("tiny-3.0").toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertEquals("2.7.1", report.path("engine").path("libtorch").asText());
        assertTrue(report.path("devices").has("cpu"), run.out());
        JsonNode needs = report.path("model").path("needs");
        assertTrue(needs.has("--dtype bf16 --quantize int8 --offload encoders"), run.out());
        assertTrue(report.path("model").path("fits").has("8 GB"), run.out());
    }
}
