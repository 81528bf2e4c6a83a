package dev.stanstudio.datasets.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthSpec;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureHashTest {
    @TempDir private Path temp;

    /** Nine columns and rows of known brightness: every bit can be told by hand. */
    @Test
    void bitsCompareNeighbours() {
        byte[] falling = new byte[72 * 72];
        for (int i = 0; i < falling.length; i++) {
            falling[i] = (byte) (150 - i % 72 + i / 72);
        }
        PictureHash hash = PictureHash.of(Picture.of(72, 72, PixelMode.GREY, falling));
        assertEquals(-1, hash.across());
        assertEquals(0, hash.down());
        assertFalse(hash.isTelling());
    }

    @Test
    void textGivesTheHashBack() {
        PictureHash hash = new PictureHash(0x0123456789abcdefL, -2);
        assertEquals("0123456789abcdeffffffffffffffffe", hash.toString());
        assertEquals(hash, PictureHash.parse(hash.toString()));
        assertThrows(IllegalArgumentException.class, () -> PictureHash.parse("12"));
    }

    /** Copies at another size and as JPEG stay near; other pictures do not. */
    @Test
    void copiesAreNearAndOthersAreNot() throws IOException {
        SynthCollection collection = new SynthCollection(SynthSpec.all());
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            pictures.add(collection.item(11, i).picture());
        }
        int kept = 0;
        for (Picture picture : pictures) {
            PictureHash hash = PictureHash.of(picture);
            for (Picture copy : List.of(smaller(picture), recompressed(picture))) {
                kept += hash.isNear(PictureHash.of(copy), NearPictures.DEFAULT_DISTANCE) ? 1 : 0;
            }
        }
        int near = 0;
        for (int i = 0; i < pictures.size(); i++) {
            PictureHash a = PictureHash.of(pictures.get(i));
            for (int j = 0; j < i; j++) {
                PictureHash b = PictureHash.of(pictures.get(j));
                near += a.isNear(b, NearPictures.DEFAULT_DISTANCE) ? 1 : 0;
            }
        }
        System.out.println("copies kept: " + kept + " of 120; near pairs of others: " + near);
        assertTrue(kept >= 114, kept + " of 120");
        assertEquals(0, near);
    }

    private static Picture smaller(Picture picture) {
        return Resampler.of(ResampleFilter.BICUBIC).resize(picture, 97, 97);
    }

    private Picture recompressed(Picture picture) throws IOException {
        BufferedImage image = new BufferedImage(128, 128, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 128 * 128; i++) {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                rgb = rgb << 8 | picture.sample(i % 128, i / 128, c);
            }
            image.setRGB(i % 128, i / 128, rgb);
        }
        Path file = temp.resolve("copy.jpg");
        ImageIO.write(image, "jpg", file.toFile());
        return Picture.read(file);
    }
}
