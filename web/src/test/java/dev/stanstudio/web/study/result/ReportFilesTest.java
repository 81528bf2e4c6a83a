package dev.stanstudio.web.study.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exported report is of one study, whole. */
class ReportFilesTest {
    /** A file by its kind, of which the first bytes cannot be read. */
    private static final Path UNREADABLE = Path.of("/proc/self/mem");

    @TempDir Path folder;

    private Path report(String text) throws IOException {
        Path report = Files.createDirectory(folder.resolve(text));
        for (String name : ReportFiles.FILES.keySet()) {
            Files.writeString(report.resolve(name), text);
        }
        return report;
    }

    private static List<String> contents(Path out) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            for (Path file : files.toList()) {
                assertFalse(String.valueOf(file.getFileName()).startsWith("."), "" + file);
            }
        }
        return ReportFiles.present(out).stream()
                .map(
                        name -> {
                            try {
                                return Files.readString(out.resolve(name));
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                .distinct()
                .toList();
    }

    @Test
    void aReportIsReplacedByAWholeOneOrNotAtAll() throws IOException {
        Path out = folder.resolve("out");
        ReportFiles.copy(report("first"), out);
        Path second = report("second");
        Files.delete(second.resolve("votes.jsonl"));
        assumeTrue(Files.isRegularFile(UNREADABLE), "a system with such a file");
        Files.createSymbolicLink(second.resolve("votes.jsonl"), UNREADABLE);
        assertThrows(UserException.class, () -> ReportFiles.copy(second, out));
        assertEquals(List.of("first"), contents(out));
    }

    /** Reports of older programs lack files. */
    @Test
    void nothingOfAnotherReportStaysBesideIt() throws IOException {
        Path out = folder.resolve("out");
        ReportFiles.copy(report("first"), out);
        Path older = report("older");
        Files.delete(older.resolve("plan.json"));
        ReportFiles.copy(older, out);
        assertEquals(List.of("older"), contents(out));
    }
}
