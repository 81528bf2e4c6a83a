package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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

/** The files and Pillow's pixels come from {@code docs/reference/pictures/fixed.py}. */
class PillowFilesTest {
    private static final int FILES = 111;

    @TempDir private static Path root;

    @BeforeAll
    static void unpack() throws IOException {
        try (InputStream raw = PillowFilesTest.class.getResourceAsStream("pillow.zip");
                ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(raw))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = root.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.write(file, zip.readAllBytes());
            }
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(root.resolve("files"))) {
            return all.sorted().toList();
        }
    }

    private static List<String> differing(String part, Reading reading) throws IOException {
        List<String> differing = new ArrayList<>();
        for (Path file : files()) {
            Picture expected = Picture.read(root.resolve(part + "/" + file.getFileName() + ".png"));
            if (!Picture.read(file, reading).toRgb().equals(expected)) {
                differing.add(file.getFileName().toString());
            }
        }
        return differing;
    }

    @Test
    void storedPicturesEqualPillowsToTheBit() throws IOException {
        assertEquals(FILES, files().size());
        assertEquals(List.of(), differing("stored", Reading.STORED));
    }

    @Test
    void seenPicturesAreUprightOnWhiteToTheBit() throws IOException {
        assertEquals(List.of(), differing("seen", Reading.SEEN));
    }

    @Test
    void headersStateTheSizeThatIsSeen() throws IOException {
        for (Path file : files()) {
            PictureHeader header = PictureHeader.of(file);
            Picture seen = Picture.read(file, Reading.SEEN);
            assertEquals(
                    seen.width() + "x" + seen.height(),
                    header.width() + "x" + header.height(),
                    file.toString());
        }
    }

    @Test
    void headersTellOfTransparency() throws IOException {
        List<String> transparent = new ArrayList<>();
        for (Path file : files()) {
            if (PictureHeader.of(file).transparent()) {
                transparent.add(file.getFileName().toString());
            }
        }
        assertEquals(
                List.of(
                        "alpha-extra1.tif",
                        "alpha-extra2.tif",
                        "alpha-la.png",
                        "alpha-rgba.webp",
                        "apng-default.png",
                        "gif-offset-t.gif",
                        "gif-outside-t.gif",
                        "gif-t0-bNone.gif",
                        "gif-t3-b3.gif",
                        "rare-diff16-tiles.tif",
                        "rare-extra-2-0.tif",
                        "rare-palette-alpha.tif",
                        "trns-g8.png",
                        "trns-p1-full.png",
                        "trns-p4-short.png",
                        "trns-p8-one.png",
                        "trns-rgb8.png"),
                transparent);
    }

    /** A refusal names the file as what it is, in one line. */
    @Test
    void whatIsNotReadIsNamed() throws IOException {
        List<String> rows = Files.readAllLines(root.resolve("refused.tsv"), StandardCharsets.UTF_8);
        assertEquals(29, rows.size());
        for (String row : rows) {
            String[] parts = row.split("\t");
            Path file = root.resolve("refused/" + parts[0]);
            UserException e = assertThrows(UserException.class, () -> Picture.read(file), parts[0]);
            String message = String.valueOf(e.getMessage());
            assertTrue(message.contains(parts[1]), message);
            assertTrue(message.contains(parts[0]), message);
            assertEquals(1, message.lines().count(), message);
        }
    }
}
