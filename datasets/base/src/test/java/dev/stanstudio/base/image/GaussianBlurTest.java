package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class GaussianBlurTest {
    private static final int WIDTH = 9;
    private static final int HEIGHT = 5;

    /** scipy.ndimage.gaussian_filter(…, 1.5, mode="nearest", radius=5), rounded. */
    private static final int[][] SCIPY = {
        {18, 12, 16, 41, 94, 161, 216, 244, 253},
        {35, 22, 20, 42, 94, 161, 216, 244, 253},
        {43, 27, 22, 42, 94, 161, 216, 244, 253},
        {35, 22, 20, 42, 94, 161, 216, 244, 253},
        {18, 12, 16, 41, 94, 161, 216, 244, 253},
    };

    private static Picture edgeAndDot() {
        byte[] samples = new byte[WIDTH * HEIGHT];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i % WIDTH >= 5 ? 255 : 0);
        }
        samples[2 * WIDTH] = (byte) 255;
        return Picture.of(WIDTH, HEIGHT, PixelMode.GREY, samples);
    }

    @Test
    void blursAsScipyDoes() {
        Picture blurred = GaussianBlur.blur(edgeAndDot(), 1.5);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                assertEquals(SCIPY[y][x], blurred.sample(x, y, 0), "at %d, %d".formatted(x, y));
            }
        }
    }

    @Test
    void zeroLeavesThePictureAndColoursAreRefused() {
        Picture grey = edgeAndDot();
        assertSame(grey, GaussianBlur.blur(grey, 0));
        Picture colour = Picture.of(1, 1, PixelMode.RGB, new byte[3]);
        assertThrows(IllegalArgumentException.class, () -> GaussianBlur.blur(colour, 1));
    }
}
