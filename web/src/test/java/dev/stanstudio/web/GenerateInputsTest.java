package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
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
}
