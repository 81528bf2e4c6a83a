package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.sd3.metadata.PngText;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptChoices;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.Wildcards;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that {@code studio generate} starts from: kept, recorded and repeated. */
class GenerateInputsTest {
    @TempDir Path folder;

    private Path start;
    private Path mask;

    @BeforeEach
    void copyInputs() throws IOException {
        start = Files.copy(Goldens.own("inputs/picture.png"), folder.resolve("start.png"));
        mask = Files.copy(Goldens.own("inputs/mask.png"), folder.resolve("mask.png"));
    }

    private static Run generate(String... more) {
        List<String> args =
                new ArrayList<>(List.of("generate", "--model", Goldens.own("tiny-3.0").toString()));
        args.addAll(List.of(more));
        return Run.of(
                new Interruption(Thread.currentThread()),
                ServiceLoader.load(StudioCommand.class),
                args.toArray(String[]::new));
    }

    private Path drawn(String name, String... more) {
        Path out = folder.resolve(name);
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "--prompt",
                                "moon",
                                "--width",
                                "64",
                                "--height",
                                "48",
                                "--steps",
                                "2",
                                "--max-sequence-length",
                                "77",
                                "--seed",
                                "3"));
        args.addAll(List.of("--init-image", start.toString(), "--out", out.toString()));
        args.addAll(List.of(more));
        Run run = generate(args.toArray(String[]::new));
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        return out;
    }

    @Test
    void aPictureThatStartedFromOneIsRepeated() throws IOException {
        Path first = drawn("first.png", "--mask", mask.toString());
        Path second = folder.resolve("second.png");
        Run run = generate("--from", first.toString(), "--out", second.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    /** Skip-layer guidance too works beside an initial picture. */
    @Test
    void variantsOfGuidanceAreRepeatedAndSwitchedOff() throws IOException {
        Path first =
                drawn(
                        "first.png",
                        "--guidance-variants",
                        "rescale=0.7+pag=1x2",
                        "--skip-layers=1",
                        "--slg-start=0",
                        "--slg-stop=1");
        Path second = folder.resolve("second.png");
        Path plain = folder.resolve("plain.png");
        String out = "--out=" + plain;
        Run repeated = generate("--from", first.toString(), "--out", second.toString());
        Run without = generate("--from=" + first, "--guidance-variants=plain", out);
        assertEquals(ExitCodes.DONE, repeated.code(), repeated.err());
        assertEquals(ExitCodes.DONE, without.code(), without.err());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        assertFalse(Arrays.equals(pixels(first), pixels(plain)));
    }

    @Test
    void weightsOfWordsAreSaidRecordedAndRepeated() throws IOException {
        Path first = folder.resolve("first.png");
        Run run =
                generate(
                        "--prompt-syntax=weighted",
                        "--prompt=a (red:1.3) moon",
                        "--negative-prompt=[fog]",
                        "--width=64",
                        "--height=48",
                        "--steps=2",
                        "--out=" + first);
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertTrue(run.err().contains("weighted: red × 1.3, fog × 0.909"), run.err());
        Path second = folder.resolve("second.png");
        Path plain = folder.resolve("plain.png");
        Run repeated = generate("--from", first.toString(), "--out", second.toString());
        Run without = generate("--from=" + first, "--prompt-syntax=plain", "--out=" + plain);
        assertEquals(ExitCodes.DONE, repeated.code(), repeated.err());
        assertEquals(ExitCodes.DONE, without.code(), without.err());
        assertFalse(without.err().contains("weighted: "), without.err());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        assertFalse(Arrays.equals(pixels(first), pixels(plain)));
        String record = PngText.read(first).get(Provenance.KEYWORD);
        assertTrue(record.contains("\"syntax\":\"weighted\""), record);
        assertTrue(record.contains("\"weighted\":[\"red × 1.3\",\"fog × 0.909\"]"), record);
        assertFalse(PngText.read(plain).get(Provenance.KEYWORD).contains("weighted"));
    }

    @Test
    void softMasksCropsAndGuidanceSchedulesAreRepeated() throws IOException {
        Path first =
                drawn(
                        "first.png",
                        "--mask=" + mask,
                        "--soft-mask",
                        "--mask-crop=4",
                        "--guidance-schedule=linear:7-3");
        Path second = folder.resolve("second.png");
        Path hard = folder.resolve("hard.png");
        Run repeated = generate("--from", first.toString(), "--out", second.toString());
        Run other =
                generate(
                        "--from=" + first,
                        "--no-soft-mask",
                        "--guidance-schedule=plain",
                        "--out=" + hard);
        assertEquals(ExitCodes.DONE, repeated.code(), repeated.err());
        assertEquals(ExitCodes.DONE, other.code(), other.err());
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        assertFalse(Arrays.equals(pixels(first), pixels(hard)));
        String record = PngText.read(first).get(Provenance.KEYWORD);
        assertTrue(record.contains("\"soft\":true,\"crop\":4"), record);
        assertTrue(record.contains("schedule=linear:7-3"), record);
        assertFalse(PngText.read(hard).get(Provenance.KEYWORD).contains("schedule"));
    }

    @Test
    void masksAndSchedulesThatCannotWorkGetOneLine() {
        String picture = "--init-image=" + start;
        String where = "--mask=" + mask;
        for (String[] wrong :
                new String[][] {
                    {"--soft-mask needs --mask", picture, "--soft-mask"},
                    {"--mask-crop needs --mask", picture, "--mask-crop=3"},
                    {"must be 0 … 4096 pixels, not -1", picture, where, "--mask-crop=-1"},
                    {"a schedule of guidance is linear:7-3", "--guidance-schedule=linear:7"},
                    {"lie within 0 … 1000, not 1001", "--guidance-schedule=list:1,1001"},
                    {"no sampler is called 'er'", "--sampler=er"}
                }) {
            List<String> args = new ArrayList<>(List.of("--prompt=moon", "--out=" + folder));
            args.addAll(List.of(wrong).subList(1, wrong.length));
            Run run = generate(args.toArray(String[]::new));
            assertEquals(ExitCodes.BAD_ARGUMENTS, run.code(), run.err());
            assertTrue(run.err().contains(wrong[0]), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }

    @Test
    void bracketsThatDoNotCloseGetOneLine() {
        Run run = generate("--prompt=a (red moon", "--prompt-syntax=weighted", "--out=" + folder);
        assertEquals(ExitCodes.BAD_ARGUMENTS, run.code(), run.err());
        assertTrue(run.err().contains("'(red moon' is never closed"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @Test
    void anotherMaskKeepsTheRecordedPicture() throws IOException {
        Path first = drawn("first.png");
        Files.copy(Goldens.own("inputs/mask.png"), start, StandardCopyOption.REPLACE_EXISTING);
        Run run =
                generate(
                        "--from",
                        first.toString(),
                        "--mask",
                        mask.toString(),
                        "--out",
                        folder.resolve("second.png").toString());
        assertEquals(ExitCodes.FAILED, run.code(), run.err());
        assertTrue(run.err().contains("its SHA-256 differs"), run.err());
    }

    @Test
    void noInputIsReplaced() throws IOException {
        Path first = drawn("first.png");
        Path link = Files.createSymbolicLink(folder.resolve("link.png"), start);
        Path numbered = Files.copy(start, folder.resolve("numbered-1.png"));
        for (List<String> given :
                List.of(
                        List.of("--prompt", "a", "--init-image", start + "", "--out", start + ""),
                        List.of("--prompt", "a", "--init-image", start + "", "--out", link + ""),
                        List.of("--prompt", "a", "--init-image", start + "", "--trace", start + ""),
                        List.of("--from", first + "", "--out", first + ""),
                        List.of("--from", first + "", "--out", start + ""),
                        List.of("--from", first + "", "--mask", mask + "", "--out", mask + ""),
                        List.of(
                                "--prompt",
                                "a",
                                "--count",
                                "2",
                                "--init-image",
                                numbered + "",
                                "--out",
                                folder.resolve("numbered.png") + ""))) {
            Run run = generate(given.toArray(String[]::new));
            assertEquals(ExitCodes.BAD_ARGUMENTS, run.code(), given + run.err());
            assertTrue(run.err().contains("would be replaced"), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
        assertEquals(-1, Files.mismatch(start, Goldens.own("inputs/picture.png")));
        assertEquals(-1, Files.mismatch(mask, Goldens.own("inputs/mask.png")));
    }

    private static void refused(String why, String... args) {
        Run run = generate(args);
        assertEquals(ExitCodes.BAD_ARGUMENTS, run.code(), run.err());
        assertTrue(run.err().contains(why), run.err());
    }

    @Test
    void aMaskWithASoftEdgeIsRecordedAndRepeated() throws IOException {
        Path hard = drawn("hard.png", "--mask", mask.toString());
        Path soft = drawn("soft.png", "--mask", mask.toString(), "--feather", "6.5");
        assertEquals(6.5, request(soft).image().feather());
        assertFalse(Arrays.equals(pixels(hard), pixels(soft)), "the edge is another");
        Path again = folder.resolve("again.png");
        Run run = generate("--from", soft.toString(), "--out", again.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertArrayEquals(Files.readAllBytes(soft), Files.readAllBytes(again));
        run = generate("--from", hard + "", "--feather", "6.5", "--out", again.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertArrayEquals(pixels(soft), pixels(again));

        refused("--feather needs --mask", "--prompt", "a", "--feather", "2");
        Path whole = drawn("whole.png");
        refused("--feather needs --mask", "--from", whole.toString(), "--feather", "2");
        refused(
                "the soft edge of the mask must be 0 … 64 pixels, not 65.0",
                "--from",
                hard.toString(),
                "--feather",
                "65");
    }

    @Test
    void choicesOfAPromptAreMadeForEachSeed() throws IOException {
        Path wildcards = Files.createDirectories(folder.resolve("cards"));
        Files.writeString(wildcards.resolve("animal.txt"), "cat\ndog\nfox\n");
        String template = "a {red|blue|green|grey} __animal__";
        PromptChoices making = new PromptChoices(new Wildcards(wildcards)::lines);
        List<String> common =
                List.of(
                        "--width",
                        "64",
                        "--height",
                        "48",
                        "--steps",
                        "2",
                        "--max-sequence-length",
                        "77");
        List<String> args = new ArrayList<>(common);
        args.addAll(List.of("--prompt", template, "--choices", "--wildcards", wildcards + ""));
        args.addAll(List.of("--seed", "1,2,3", "--out", folder.resolve("made") + "/"));
        Run run = generate(args.toArray(String[]::new));
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertTrue(run.err().contains("picture 3 of 3"), run.err());
        List<Path> files = run.out().lines().map(Path::of).toList();
        Set<String> prompts = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            PromptTexts made = request(files.get(i)).prompt();
            assertEquals(making.made(template, i + 1), made.text());
            assertEquals(template, made.template());
            prompts.add(made.text());
        }
        assertTrue(prompts.size() > 1, "" + prompts);

        // The same words without choices make the same picture.
        Path literal = folder.resolve("literal.png");
        args = new ArrayList<>(common);
        args.addAll(List.of("--prompt", making.made(template, 2), "--seed", "2"));
        args.addAll(List.of("--out", literal.toString()));
        run = generate(args.toArray(String[]::new));
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertArrayEquals(pixels(literal), pixels(files.get(1)));

        // A picture is repeated as it is, template and all, and makes others when it is asked to.
        Path again = folder.resolve("again.png");
        run = generate("--from", files.get(1) + "", "--out", again.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertArrayEquals(Files.readAllBytes(files.get(1)), Files.readAllBytes(again));
        run =
                generate(
                        "--from",
                        files.get(1) + "",
                        "--choices",
                        "--wildcards",
                        wildcards + "",
                        "--seed",
                        "1",
                        "--out",
                        again.toString());
        assertEquals(ExitCodes.DONE, run.code(), run.err());
        assertEquals(request(files.get(0)).prompt(), request(again).prompt());

        refused("--wildcards needs --choices", "--prompt", "a", "--wildcards", wildcards + "");
        refused(
                "no wildcard __bird__",
                "--prompt",
                "__bird__",
                "--choices",
                "--wildcards",
                wildcards.toString());
        refused("so no __bird__", "--prompt", "__bird__", "--choices");
        refused("--choices and --latents", "--prompt", "a", "--choices", "--latents", "x");
    }

    private static GenerationRequest request(Path picture) throws IOException {
        return Provenance.read(picture).orElseThrow().request();
    }

    private static byte[] pixels(Path picture) {
        return Picture.read(picture).samples();
    }
}
