package dev.stanstudio.scoring.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.manifest.ListedPicture;
import java.io.BufferedWriter;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFilesTest {
    private static final String SHA256 = "0".repeat(64);

    @TempDir Path folder;
    private final List<String> closed = new ArrayList<>();

    /** Records that it is closed, and fails to flush where it is told to. */
    private final class Recorded extends FilterWriter {
        private final String name;
        private final boolean failing;

        Recorded(Writer out, String name, boolean failing) {
            super(out);
            this.name = name;
            this.failing = failing;
        }

        @Override
        public void flush() throws IOException {
            if (failing) {
                throw new IOException("no space left for " + name);
            }
            super.flush();
        }

        @Override
        public void close() throws IOException {
            closed.add(name);
            out.close();
        }
    }

    private RowFiles files(String failing) {
        return new RowFiles(
                folder,
                List.of("clip_t"),
                file -> {
                    String name = file.getFileName().toString();
                    if (failing.equals("open " + name)) {
                        throw new IOException("no handle left for " + name);
                    }
                    Writer out = Files.newBufferedWriter(file);
                    return new BufferedWriter(
                            new Recorded(out, name, failing.equals("write " + name)));
                });
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aTableThatCannotBeOpenedLeavesNoFileOpenOrBehind() throws IOException {
        UserException e = assertThrows(UserException.class, () -> files("open .pictures.csv.part"));
        assertEquals(
                "cannot write into " + folder + ": no handle left for .pictures.csv.part",
                e.getMessage());
        assertEquals(List.of(".pictures.jsonl.part"), closed);
        assertEquals(List.of(), left());
    }

    @Test
    void linesThatCannotBeWrittenLeaveNoFileOpenOrBehind() throws IOException {
        try (RowFiles files = files("write .pictures.jsonl.part")) {
            files.add(picture());
            UserException e = assertThrows(UserException.class, files::finish);
            assertEquals(
                    "cannot write into " + folder + ": no space left for .pictures.jsonl.part",
                    e.getMessage());
            assertEquals(List.of(".pictures.csv.part", ".pictures.jsonl.part"), closed);
            assertSame(IOException.class, e.getCause().getClass());
        }
        assertEquals(List.of(), left());
    }

    @Test
    void finishedFilesGetTheirNames() throws IOException {
        try (RowFiles files = files("")) {
            files.add(picture());
            files.finish();
        }
        assertEquals(List.of("pictures.csv", "pictures.jsonl"), left());
        assertEquals(2, Files.readAllLines(folder.resolve("pictures.csv")).size());
    }

    private static ScoredPicture picture() {
        ListedPicture listed = new ListedPicture("a.png", null, "none", null, null, "p", 1L);
        return new ScoredPicture(listed, SHA256, Map.of("clip_t", 0.5), null, null);
    }
}
