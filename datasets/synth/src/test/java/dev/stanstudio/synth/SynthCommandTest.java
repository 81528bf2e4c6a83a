package dev.stanstudio.synth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.CommandTree;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.image.Picture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SynthCommandTest {
    @TempDir Path folder;

    private final StringWriter out = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = CommandTree.installed().setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(new StringWriter()));
        line.setExecutionExceptionHandler(
                (e, commandLine, result) -> {
                    throw e;
                });
        List<String> all = new ArrayList<>(List.of("dataset"));
        all.addAll(List.of(arguments));
        return line.execute(all.toArray(String[]::new));
    }

    private void refused(String message, String... arguments) {
        CommandLine line = new CommandLine(new SynthCommand());
        line.parseArgs(arguments);
        SynthCommand command = line.getCommand();
        Exception refusal = assertThrows(ArgumentException.class, command::call);
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    }

    @Test
    void writesAFolder() {
        String target = folder.resolve("set").toString();
        int code =
                run(
                        "synth",
                        "--out",
                        target,
                        "--count",
                        "3",
                        "--size",
                        "32",
                        "--styles",
                        "cartoon,ukiyo-e",
                        "--json");
        assertEquals(ExitCodes.DONE, code);
        assertTrue(out.toString().contains("\"written\":3,\"kept\":0"), out.toString());
        assertEquals(32, Picture.read(folder.resolve("set/000002.png")).width());
        assertTrue(Files.exists(folder.resolve("set/metadata.jsonl")));
    }

    @Test
    void drawsALabelledSheet() {
        Path file = folder.resolve("sheet.png");
        int code =
                run(
                        "synth",
                        "--contact-sheet",
                        file.toString(),
                        "--size",
                        "48",
                        "--styles",
                        "plain,woodcut",
                        "--scenes",
                        "cat,fish,castle");
        assertEquals(ExitCodes.DONE, code);
        Picture sheet = Picture.read(file);
        assertTrue(sheet.width() > 3 * 48 && sheet.height() > 2 * 48, sheet.toString());
        boolean ink = false;
        for (int x = 0; x < 40; x++) {
            for (int y = 13; y < sheet.height(); y++) {
                ink |= sheet.sample(x, y, 0) < 60;
            }
        }
        assertTrue(ink, "no label beside the rows");
    }

    @Test
    void refusesWhatItCannotDraw() {
        refused("--out DIR or --contact-sheet FILE.png");
        refused("--styles dada is unknown; there are plain,", "--out", "x", "--styles", "dada");
        refused("--scenes moon is unknown", "--out", "x", "--scenes", "moon");
        refused("size 100 is not a multiple of 16", "--out", "x", "--size", "100");
        refused("--count 0", "--out", "x", "--count", "0");
    }

    @Test
    void asksForACommand() {
        assertEquals(ExitCodes.BAD_ARGUMENTS, run());
    }
}
