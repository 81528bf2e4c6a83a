package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Decoding, pixel conversions and orientation against Pillow's. */
class PillowConversionTest {

    private static final Map<String, PixelMode> MODES =
            Map.of(
                    "1", PixelMode.BILEVEL,
                    "L", PixelMode.GREY,
                    "I;16", PixelMode.GREY,
                    "LA", PixelMode.GREY_ALPHA,
                    "P", PixelMode.PALETTE,
                    "RGB", PixelMode.RGB,
                    "RGBA", PixelMode.RGBA);

    @Test
    void decodesEveryKindOfPng() throws IOException {
        PilGoldens goldens = PilGoldens.require();
        for (JsonNode row : goldens.rows("decode")) {
            String file = row.get("file").asText();
            Picture picture = Picture.read(goldens.path(row, "file"));
            assertEquals(MODES.get(row.get("mode").asText()), picture.mode(), file);
            if (row.get("mode").asText().equals("I;16")) {
                // Pillow clips 16-bit grey at 255; a picture of its high bytes is what a reader
                // wants.
                Raster raster = ImageIO.read(goldens.path(row, "file").toFile()).getRaster();
                for (int i = 0; i < picture.width() * picture.height(); i++) {
                    int x = i % picture.width();
                    int y = i / picture.width();
                    assertEquals(raster.getSample(x, y, 0) / 256, picture.sample(x, y, 0), file);
                }
                continue;
            }
            assertEquals(Picture.read(goldens.path(row, "rgb")), picture.toRgb(), file);
        }
        System.out.println("decoded " + goldens.rows("decode").size() + " kinds of PNG");
    }

    @Test
    void convertsBetweenModes() throws IOException {
        PilGoldens goldens = PilGoldens.require();
        check(goldens, "RGB->L", PixelMode.RGB, Picture::toGrey);
        check(goldens, "RGBA->L", PixelMode.RGBA, Picture::toGrey);
        check(goldens, "LA->L", PixelMode.GREY_ALPHA, Picture::toGrey);
        check(goldens, "RGBA->RGB", PixelMode.RGBA, Picture::toRgb);
        check(goldens, "LA->RGB", PixelMode.GREY_ALPHA, Picture::toRgb);
        check(goldens, "L->RGB", PixelMode.GREY, Picture::toRgb);
        byte[] rgb = PixelConversions.cmykToRgb(goldens.tensor("CMYK->RGB.in"));
        assertArrayEquals(goldens.tensor("CMYK->RGB.out"), rgb);
    }

    @Test
    void multipliesAlphaInAndOut() throws IOException {
        PilGoldens goldens = PilGoldens.require();
        Picture every = everyValueUnderEveryAlpha();
        assertArrayEquals(
                goldens.tensor("premultiply"), values(PixelConversions.premultiply(every)));
        assertArrayEquals(
                goldens.tensor("unpremultiply"), values(PixelConversions.unpremultiply(every)));
        byte[] onWhite = every.onWhite().toGrey().samples();
        assertArrayEquals(goldens.tensor("alpha_composite_on_white"), onWhite);
    }

    @Test
    void turnsPicturesUpright() throws IOException {
        PilGoldens goldens = PilGoldens.require();
        int worst = 0;
        for (JsonNode row : goldens.rows("exif")) {
            String file = row.get("file").asText();
            Picture picture = Picture.read(goldens.path(row, "file"), Reading.SEEN);
            Picture expected = Picture.read(goldens.path(row, "upright"));
            int difference = PilGoldens.difference(expected, picture);
            worst = Math.max(worst, difference);
            assertTrue(difference <= row.get("max_difference").asInt(), file);
        }
        System.out.println("upright: " + goldens.rows("exif").size() + " pictures, worst " + worst);
    }

    private static void check(
            PilGoldens goldens, String name, PixelMode mode, UnaryOperator<Picture> conversion)
            throws IOException {
        Picture in = Picture.of(64, 64, mode, goldens.tensor(name + ".in"));
        byte[] expected = goldens.tensor(name + ".out");
        assertArrayEquals(expected, conversion.apply(in).samples(), name);
    }

    private static Picture everyValueUnderEveryAlpha() {
        byte[] samples = new byte[256 * 256 * 2];
        for (int i = 0; i < 256 * 256; i++) {
            samples[2 * i] = (byte) i;
            samples[2 * i + 1] = (byte) (i >> 8);
        }
        return Picture.of(256, 256, PixelMode.GREY_ALPHA, samples);
    }

    private static byte[] values(Picture greyAlpha) {
        return Arrays.copyOf(greyAlpha.toGrey().array(), 256 * 256);
    }
}
