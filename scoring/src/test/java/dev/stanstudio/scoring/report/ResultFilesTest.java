package dev.stanstudio.scoring.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a scoring, of which one cannot be written. */
class ResultFilesTest {
    @TempDir Path folder;

    private static Consumer<Path> text(String text) {
        return file ->
                AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, Consumer<Path>> files(Consumer<Path> report) {
        Map<String, Consumer<Path>> files = new LinkedHashMap<>();
        files.put("summary.json", text("new numbers"));
        files.put("report.html", report);
        return files;
    }

    private void rows(String text) {
        text(text).accept(folder.resolve("pictures.jsonl"));
    }

    private List<String> read() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<String> texts =
                    all.sorted().map(file -> file.getFileName() + ": " + content(file)).toList();
            return texts;
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aReportThatCannotBeWrittenLeavesTheOldScoringWhole() throws IOException {
        List<String> old =
                List.of(
                        "pictures.jsonl: old rows",
                        "report.html: old report",
                        "summary.json: old numbers");
        rows("old rows");
        text("old numbers").accept(folder.resolve("summary.json"));
        text("old report").accept(folder.resolve("report.html"));
        UserException full = new UserException("no space left on device");
        assertThrows(
                UserException.class,
                () ->
                        ResultFiles.write(
                                folder,
                                files(
                                        file -> {
                                            throw full;
                                        }),
                                () -> rows("new rows")));
        assertEquals(old, read());
        ResultFiles.write(folder, files(text("new report")), () -> rows("new rows"));
        assertEquals(
                List.of(
                        "pictures.jsonl: new rows",
                        "report.html: new report",
                        "summary.json: new numbers"),
                read());
    }
}
