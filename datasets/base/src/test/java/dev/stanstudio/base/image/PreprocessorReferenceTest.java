package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Edges and blurs are OpenCV's and Pillow's to the bit (docs/reference/preprocessors.py). */
class PreprocessorReferenceTest {
    private static Picture read(String name) throws URISyntaxException {
        var url = PreprocessorReferenceTest.class.getResource("preprocessors/" + name + ".png");
        return Picture.read(Path.of(Objects.requireNonNull(url, name).toURI()));
    }

    @ParameterizedTest
    @CsvSource({"100,200", "20,60", "60.5,20.9", "0,0", "300,700"})
    void edgesEqualOpenCv(String low, String high) throws URISyntaxException {
        Picture edges =
                CannyEdges.of(read("picture"), Double.parseDouble(low), Double.parseDouble(high));
        assertArrayEquals(read("canny,%s,%s".formatted(low, high)).samples(), edges.samples());
    }

    @Test
    void greyEdgesEqualOpenCv() throws URISyntaxException {
        Picture edges = CannyEdges.of(read("picture").toGrey(), 50, 120);
        assertArrayEquals(read("grey-canny,50,120").samples(), edges.samples());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3", "1", "2.5", "8", "40"})
    void blurEqualsPillow(String radius) throws URISyntaxException {
        Picture blurred = PillowBlur.blur(read("picture"), Double.parseDouble(radius));
        assertArrayEquals(read("blur," + radius).samples(), blurred.samples());
    }

    @Test
    void smallestPicturesAndNoBlur() {
        Picture dot = Picture.of(1, 1, PixelMode.RGB, new byte[] {9, 8, 7});
        assertEquals(dot, PillowBlur.blur(dot, 5));
        assertEquals(dot, PillowBlur.blur(dot, 0));
        assertArrayEquals(new byte[1], CannyEdges.of(dot, 1, 2).samples());
        assertThrows(IllegalArgumentException.class, () -> PillowBlur.blur(dot, -1));
    }
}
