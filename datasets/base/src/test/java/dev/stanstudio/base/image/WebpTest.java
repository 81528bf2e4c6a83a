package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files were written by Pillow 13.0.0; {@code lossy.png} is what it reads back. */
class WebpTest {
    @TempDir private Path folder;

    private Path file(String name) throws IOException {
        try (InputStream in = WebpTest.class.getResourceAsStream(name)) {
            return Files.write(folder.resolve(name), Objects.requireNonNull(in).readAllBytes());
        }
    }

    private static void assertDrawing(Picture picture) {
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 7; x++) {
                assertEquals(x * 30 + 5, picture.sample(x, y, 0));
                assertEquals(y * 50 + 3, picture.sample(x, y, 1));
                assertEquals(x * y * 9, picture.sample(x, y, 2));
            }
        }
    }

    @Test
    void losslessPicturesAreExact() throws IOException {
        Picture picture = Picture.read(file("lossless.webp"));
        assertEquals(PixelMode.RGB, picture.mode());
        assertDrawing(picture);
    }

    @Test
    void alphaStaysApart() throws IOException {
        Picture picture = Picture.read(file("alpha.webp"));
        assertEquals(PixelMode.RGBA, picture.mode());
        assertDrawing(picture);
        assertEquals(200, picture.sample(6, 4, 3));
    }

    @Test
    void theCamerasTagTurnsThem() throws IOException {
        Path file = file("turned.webp");
        assertEquals(Orientation.TURNED_LEFT, Orientation.of(file));
        Picture upright = Picture.read(file, Reading.SEEN);
        assertEquals(5, upright.width());
        assertEquals(7, upright.height());
        assertEquals(Orientation.UPRIGHT, Orientation.of(file("lossless.webp")));
    }

    @Test
    void lossyPicturesEqualPillows() throws IOException {
        assertEquals(Picture.read(file("lossy.png")), Picture.read(file("lossy.webp")));
    }

    @Test
    void animationsAreRefused() throws IOException {
        Path file = file("animated.webp");
        UserException e = assertThrows(UserException.class, () -> Picture.read(file));
        assertTrue(e.getMessage().contains("is an animated WebP"), e.getMessage());
    }

    @Test
    void truncationsAreRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file("lossy.webp"));
        for (int length : new int[] {15, 40, whole.length / 2}) {
            Path cut = Files.write(folder.resolve("cut.webp"), Arrays.copyOf(whole, length));
            assertThrows(UserException.class, () -> Picture.read(cut), length + " bytes");
        }
    }

    /** Palettes with transparent black beyond their end, copies, cached colours, predictors. */
    @ParameterizedTest
    @ValueSource(strings = {"palette", "few-colours", "all-numbers", "many-colours"})
    void losslessPicturesEqualPillows(String name) throws IOException {
        Picture own = Picture.read(file(name + ".webp"));
        Picture reference = Picture.read(file(name + ".png"));
        assertEquals(PixelMode.RGBA, own.mode());
        assertArrayEquals(reference.samples(), own.samples());
    }

    @ParameterizedTest
    @ValueSource(strings = {"alpha-levels", "alpha-plain"})
    void lossyPicturesWithAlphaEqualPillows(String name) throws IOException {
        Picture own = Picture.read(file(name + ".webp"));
        Picture reference = Picture.read(file(name + ".png"));
        assertArrayEquals(reference.samples(), own.samples());
    }

    @Test
    void aChangedCanvasIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(file("alpha-levels.webp"));
        bytes[24]++;
        Path file = Files.write(folder.resolve("canvas.webp"), bytes);
        UserException e = assertThrows(UserException.class, () -> Picture.read(file));
        assertTrue(
                e.getMessage().endsWith("it states 57x40 pixels and holds 56x40"), e.getMessage());
    }

    /** Each byte in turn is changed or missing: a picture or a refusal, never a defect. */
    @Test
    void damageIsReadOrRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file("many-colours.webp"));
        int refused = 0;
        for (int i = 12; i < whole.length; i += 7) {
            byte[] changed = whole.clone();
            changed[i] ^= (byte) (1 + i % 255);
            Path file = Files.write(folder.resolve("changed.webp"), changed);
            try {
                assertEquals(56, Picture.read(file).width());
            } catch (UserException e) {
                refused++;
            }
        }
        assertTrue(refused > 10, refused + " refused");
    }
}
