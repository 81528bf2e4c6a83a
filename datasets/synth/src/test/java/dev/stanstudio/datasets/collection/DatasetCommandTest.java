package dev.stanstudio.datasets.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.command.CommandTree;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetCommandTest {
    @TempDir private Path temp;

    private record Run(int code, String out, String failure) {
        static Run of(Object... args) {
            StringWriter out = new StringWriter();
            AtomicReference<String> failure = new AtomicReference<>("");
            int code =
                    CommandTree.installed()
                            .setOut(new PrintWriter(out))
                            .setErr(new PrintWriter(new StringWriter()))
                            .setExecutionExceptionHandler(
                                    (e, line, parsed) -> {
                                        failure.set(e.getMessage());
                                        return ExitCodes.FAILED;
                                    })
                            .execute(
                                    Stream.concat(Stream.of("dataset"), Stream.of(args))
                                            .map(String::valueOf)
                                            .toArray(String[]::new));
            return new Run(code, out.toString(), failure.get());
        }
    }

    private Path source() throws IOException {
        Path source = temp.resolve("in");
        for (String style : List.of("cubism", "fauvism", "rococo")) {
            Files.createDirectories(source.resolve(style));
        }
        picture(source.resolve("cubism/a guitar.png"), 4, 1);
        picture(source.resolve("fauvism/a guitar.png"), 4, 1);
        picture(source.resolve("fauvism/two boats.png"), 8, 2);
        picture(source.resolve("rococo/a swing.png"), 6, 3);
        Files.writeString(source.resolve("rococo/bad\u001b[31m.png"), "no picture");
        return source;
    }

    private static void picture(Path file, int width, int value) {
        byte[] samples = new byte[width * 2];
        samples[0] = (byte) value;
        Picture.of(width, 2, PixelMode.GREY, samples).writePng(file);
    }

    @Test
    void importMakesCaptionsFromATemplate() throws IOException {
        Path out = temp.resolve("captioned");
        Run.of("import", source(), "--out", out, "--caption-template", "{title} as {style}");
        StyleCollection.open(out)
                .forEach(
                        item ->
                                assertTrue(
                                        item.text()
                                                .endsWith(" as " + item.labels().styles().get(0)),
                                        item.text()));
        Run wrong = Run.of("import", source(), "--out", out, "--caption-template", "{colour}");
        assertEquals(ExitCodes.FAILED, wrong.code());
        assertTrue(wrong.failure().contains("names {colour}; there are {content}"));
    }

    @Test
    void theProgramFindsTheCommand() {
        assertTrue(
                ServiceLoader.load(StudioCommand.class).stream()
                        .anyMatch(command -> command.type() == DatasetCommand.class));
    }

    @Test
    void anImportTellsWhatItDid() throws IOException {
        Run run = Run.of("import", source(), "--out", temp.resolve("out"));
        assertEquals(0, run.code(), run.failure());
        for (String line :
                List.of(
                        "format         folders",
                        "imported       3",
                        "already there  1 (1 of them gained a style)",
                        "skipped        1",
                        "collection     " + temp.resolve("out") + ", 3 pictures")) {
            assertTrue(run.out().lines().anyMatch(line::equals), line + "\nin\n" + run.out());
        }
        assertTrue(run.out().contains("rococo/bad [31m.png: is not a PNG"), run.out());
        assertTrue(run.out().matches("(?s).*speed +[0-9.]+ pictures per second.*"), run.out());
        assertFalse(run.out().contains("\u001b"), "names must not steer the terminal");
    }

    @Test
    void theReportIsJsonWhenAsked() throws IOException {
        Run run = Run.of("import", source(), "--out", temp.resolve("out"), "--json");
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertEquals(3, json.path("imported").asInt());
        assertEquals(1, json.path("already_there").asInt());
        assertTrue(json.path("problems").path(0).path("reason").asText().startsWith("is not a"));
    }

    @Test
    void badArgumentsAreNamed() throws IOException {
        Path in = source();
        Path out = temp.resolve("out");
        Run format = Run.of("import", in, "--out", out, "--format", "wikiarts");
        assertTrue(format.failure().contains("--format wikiarts is unknown; there are auto, "));
        Run error = Run.of("import", in, "--out", out, "--on-error", "cry");
        assertEquals("--on-error is skip or stop, not cry", error.failure());
        Run stop = Run.of("import", in, "--out", out, "--on-error", "stop");
        assertTrue(stop.failure().contains("is not a PNG"), stop.failure());
    }

    @Test
    void statisticsCountStylesSizesAndCaptions() throws IOException {
        Path out = temp.resolve("out");
        Run.of("import", source(), "--out", out);
        JsonNode json = new ObjectMapper().readTree(Run.of("stats", out, "--json").out());
        assertEquals(3, json.path("pictures").asInt());
        assertEquals("{\"cubism\":1,\"fauvism\":2,\"rococo\":1}", json.path("styles").toString());
        assertEquals(1, json.path("in_several_styles").asInt());
        assertEquals(
                "[{\"first\":\"cubism\",\"second\":\"fauvism\",\"pictures\":1}]",
                json.path("overlaps").toString());
        assertEquals("{\"min\":4,\"median\":6,\"max\":8}", json.path("width").toString());
        assertEquals("{\"(none)\":3}", json.path("splits").toString());
        assertEquals(0, json.path("missing_count").asInt());
        assertEquals(0, json.path("duplicates").asInt());
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        Path out = temp.resolve("out");
        Run.of("import", source(), "--out", out);
        JsonNode line =
                new ObjectMapper()
                        .readTree(Files.readAllLines(out.resolve("metadata.jsonl")).get(0));
        String name = line.path("file_name").asText();
        Files.delete(out.resolve(name));
        String text = Run.of("stats", out).out();
        assertTrue(text.contains("missing files  1"), text);
        assertTrue(text.contains("  " + name), text);
        assertTrue(text.contains("  cubism and fauvism share 1"), text);
        assertTrue(text.contains("width          4 to 8, median 6"), text);
    }

    @Test
    void whatIsNoCollectionIsRefused() {
        Run run = Run.of("stats", temp);
        assertEquals(1, run.code());
        assertTrue(run.failure().contains("is no style collection"), run.failure());
    }

    @Test
    void aListInPlaceOfACollectionIsNotSaidToBeMissing() throws IOException {
        Run run = Run.of("stats", Files.writeString(temp.resolve("list.txt"), "a.png\n"));
        assertEquals(1, run.code());
        assertTrue(run.failure().contains("is a file, and a collection is a folder"));
    }

    private Path drawn() {
        Path out = temp.resolve("drawn");
        Run.of("synth", "--out", out, "--count", 60, "--size", 32, "--styles", "plain,woodcut");
        return out;
    }

    @Test
    void aSplitIsWrittenIntoTheList() throws IOException {
        Path out = temp.resolve("out");
        Run.of("import", drawn(), "--out", out);
        Run split = Run.of("split", out, "--ratios", "8/1/1", "--seed", 4);
        assertEquals(0, split.code(), split.failure());
        assertTrue(split.out().contains("train          48"), split.out());
        assertTrue(split.out().contains("validation     6"), split.out());
        String first = Files.readString(out.resolve("metadata.jsonl"));
        JsonNode json = new ObjectMapper().readTree(Run.of("stats", out, "--json").out());
        assertEquals("{\"test\":6,\"train\":48,\"validation\":6}", json.path("splits").toString());
        JsonNode again =
                new ObjectMapper()
                        .readTree(
                                Run.of("split", out, "--ratios", "8/1/1", "--seed", 4, "--json")
                                        .out());
        assertEquals(48, again.path("pictures").path("train").asInt());
        assertEquals(0, again.path("moved").asInt());
        assertTrue(Run.of("split", out, "--seed", 5).out().contains("were in another part"));
        Run.of("split", out, "--ratios", "8/1/1", "--seed", 4);
        assertEquals(first, Files.readString(out.resolve("metadata.jsonl")));
    }

    /** Pictures taken in unread are hashed when the split needs it. */
    @Test
    void aSplitHashesWhatTheImportDidNot() throws IOException {
        Path out = temp.resolve("out");
        Run.of("import", drawn(), "--out", out, "--header-only");
        assertTrue(Files.readString(out.resolve("metadata.jsonl")).contains("\"dhash\":null"));
        assertEquals(0, Run.of("split", out).code());
        assertFalse(Files.readString(out.resolve("metadata.jsonl")).contains("\"dhash\":null"));
    }

    @Test
    void badSplitsAreNamed() throws IOException {
        Path out = temp.resolve("out");
        Run.of("import", source(), "--out", out);
        assertEquals(
                "--by is picture or artist, not style",
                Run.of("split", out, "--by", "style").failure());
        assertTrue(Run.of("split", out, "--ratios", "1/2").failure().contains("not like 90/5/5"));
        assertTrue(Run.of("split", out, "--near", "99").failure().contains("distance 99"));
        Files.writeString(out.resolve(".metadata.jsonl.part"), "");
        assertTrue(Run.of("split", out).failure().contains("unfinished import"));
    }

    @Test
    void aDrawnFolderIsDescribedAndShown() {
        Run run = Run.of("stats", drawn(), "--contact-sheets", temp.resolve("s"), "--per-sheet", 3);
        assertEquals(0, run.code(), run.failure());
        for (String line :
                List.of(
                        "duplicates     0",
                        "         60  below 256",
                        "         60  from 0.80 below 1.25",
                        "contact sheets 2 in " + temp.resolve("s"))) {
            assertTrue(run.out().lines().anyMatch(line::equals), line + "\nin\n" + run.out());
        }
        assertTrue(Files.exists(temp.resolve("s/woodcut.png")));
        Run none = Run.of("stats", temp.resolve("drawn"), "--per-sheet", 0);
        assertTrue(none.failure().contains("--per-sheet 0 is not between"), none.failure());
    }

    @Test
    void anExportTellsWhatItDid() throws IOException {
        Path out = temp.resolve("out");
        Object[] args = {
            "export",
            drawn(),
            "--out",
            out,
            "--format",
            "kohya",
            "--style",
            "woodcut",
            "--repeats",
            5,
            "--caption-template",
            "{content}, {style}"
        };
        Run run = Run.of(args);
        assertEquals(0, run.code(), run.failure());
        try (var files = Files.list(out.resolve("5_woodcut"))) {
            long count = files.filter(file -> file.toString().endsWith(".png")).count();
            assertTrue(run.out().contains("written        " + count), run.out());
            assertTrue(count > 10, "of 60: " + count);
        }
        JsonNode again =
                new ObjectMapper()
                        .readTree(
                                Run.of(
                                                Stream.concat(Stream.of(args), Stream.of("--json"))
                                                        .toArray())
                                        .out());
        assertEquals(0, again.path("written").asInt());
        assertTrue(again.path("kept").asInt() > 10);
    }

    @Test
    void badExportsAreNamed() {
        Path in = drawn();
        Path out = temp.resolve("out");
        List<List<Object>> wrong =
                List.of(
                        List.of("--format", "lmdb", "--format lmdb is unknown; there are image"),
                        List.of("--on-error", "cry", "--on-error is skip or stop, not cry"),
                        List.of("--caption-template", "{who}", "caption template names {who}"),
                        List.of("--repeats", "0", "repeats 0 must be 1 to 9999"),
                        List.of("--style", "dada", "has no style \"dada\"; there are plain, wood"),
                        List.of("--split", "train", "is not parted into train"));
        for (List<Object> option : wrong) {
            Run run = Run.of("export", in, "--out", out, option.get(0), option.get(1));
            assertTrue(run.failure().contains(String.valueOf(option.get(2))), run.failure());
            assertFalse(Files.exists(out), "nothing was written");
        }
    }
}
