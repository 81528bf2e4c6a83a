package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files come from {@code docs/reference/pictures/early.py}. */
class EarlyEndTest {
    @TempDir private static Path root;

    @BeforeAll
    static void unpack() throws IOException {
        try (InputStream raw = EarlyEndTest.class.getResourceAsStream("early.zip");
                ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(raw))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.write(root.resolve(entry.getName()), zip.readAllBytes());
            }
        }
    }

    private static List<Path> files(String part) throws IOException {
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(f -> f.toString().contains(part)).sorted().toList();
        }
    }

    @Test
    void dataThatEndEarlyAreRefused() throws IOException {
        List<String> read = new ArrayList<>();
        for (Path file : files("-early")) {
            try {
                Picture.read(file);
                read.add(file.getFileName().toString());
            } catch (UserException e) {
                String message = String.valueOf(e.getMessage());
                assertTrue(message.startsWith("picture " + file + " is damaged"), message);
                assertTrue(message.contains("data end early"), message);
            }
        }
        assertEquals(List.of(), read);
        assertEquals(59, files("-early").size());
    }

    /** The place of their last strip in the file does not matter. */
    @Test
    void intactFilesAreReadWhole() throws IOException {
        assertEquals(42, files("-intact").size());
        for (Path file : files("-moved-intact")) {
            Path other = Path.of(file.toString().replace("-moved", ""));
            assertEquals(Picture.read(other), Picture.read(file), file.toString());
        }
        for (Path file : files("-intact.webp")) {
            assertTrue(Picture.read(file).toRgb().width() > 0, file.toString());
        }
    }

    @Test
    void aFileWithoutAnEndIsNamedByItsStrip() {
        Path file = root.resolve("deflate-strips-short-early.tif");
        UserException e = assertThrows(UserException.class, () -> Picture.read(file));
        assertTrue(e.toString().contains("(strip 4 of 4 has "), e.toString());
    }
}
