package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The times are printed, not asserted: they depend on the machine. */
class LargeTableTest {
    private static final int ROWS = 100_000;

    @TempDir private Path temp;

    private ImportReport timed(String what, Map<String, byte[]> files) throws IOException {
        Path source = Made.folder(temp.resolve("in"), files);
        long start = System.nanoTime();
        ImportReport report = Made.run(source, temp.resolve("out"));
        System.out.printf(
                "%s of %,d rows: %.1f s%n", what, ROWS, (System.nanoTime() - start) / 1e9);
        return report;
    }

    @Test
    void aTableOfMetadata() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            files.put(i + ".png", Made.png(i));
        }
        StringBuilder table = new StringBuilder("file_name,text,style,artist\n");
        for (int i = 0; i < ROWS; i++) {
            table.append(i % 10)
                    .append(".png,\"a boat, number ")
                    .append(i)
                    .append("\",style ")
                    .append(i % 7)
                    .append(",somebody\n");
        }
        files.put("metadata.csv", Made.text(table.toString()));
        ImportReport report = timed("metadata.csv", files);
        assertEquals(10, report.imported());
        assertEquals(ROWS - 10, report.alreadyThere());
        assertEquals(60, report.stylesAdded());
    }

    @Test
    void aListOfArtGan() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("Cubism/juan-gris_guitar-7.jpg", Made.jpg(1));
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            list.append("Cubism/juan-gris_guitar-").append(i).append(".jpg,7\n");
        }
        files.put("style_train.csv", Made.text(list.toString()));
        ImportReport report = timed("style_train.csv", files);
        assertEquals("train", Made.items(temp.resolve("out")).get(0).labels().split());
        assertEquals(
                "the lists name 99999 pictures that are not there, the first"
                        + " cubism/juangrisguitar0jpg",
                report.notes().get(0));
    }
}
