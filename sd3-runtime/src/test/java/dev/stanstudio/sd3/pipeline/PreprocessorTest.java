package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.CannyEdges;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PillowBlur;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.testing.Goldens;
import org.junit.jupiter.api.Test;

class PreprocessorTest {
    private static final Picture PICTURE = Picture.read(Goldens.own("inputs/picture.png"));

    private static Picture by(String preprocessor) {
        return Preprocessor.parse(preprocessor).prepare(PICTURE);
    }

    @Test
    void eachDoesWhatItSays() {
        assertSame(PICTURE, by("none"));
        assertSame(PICTURE, by("edges"));
        assertEquals(CannyEdges.of(PICTURE, 100, 200).toRgb(), by("canny"));
        assertEquals(CannyEdges.of(PICTURE, 20, 50).toRgb(), by("canny(20,50)"));
        assertEquals(PillowBlur.blur(PICTURE, 8), by("blur()"));
        assertEquals(PixelMode.RGB, by("canny").mode());
    }

    /** Reducing by n and enlarging again leaves less between neighbours, and the same mean. */
    @Test
    void tileIsCoarserAtTheSameSize() {
        Picture coarse = by("tile(6)");
        assertEquals(PICTURE.width(), coarse.width());
        assertEquals(PICTURE.height(), coarse.height());
        assertTrue(roughness(coarse) < roughness(PICTURE));
        assertEquals(mean(PICTURE), mean(coarse), 1.5);
        assertEquals(PICTURE, by("tile(1)"));
    }

    private static double mean(Picture picture) {
        byte[] samples = picture.samples();
        double sum = 0;
        for (byte sample : samples) {
            sum += sample & 255;
        }
        return sum / samples.length;
    }

    private static double roughness(Picture picture) {
        double sum = 0;
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 1; x < picture.width(); x++) {
                sum += Math.abs(picture.sample(x, y, 0) - picture.sample(x - 1, y, 0));
            }
        }
        return sum;
    }
}
