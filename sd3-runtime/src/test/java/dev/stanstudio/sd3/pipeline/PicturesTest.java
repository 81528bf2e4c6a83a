package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {
    private static final int SIDE = 16;

    @TempDir private Path folder;

    private Path write(String name, PixelMode mode, int... pixel) {
        byte[] samples = new byte[SIDE * SIDE * mode.channels()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) pixel[i % pixel.length];
        }
        Path file = folder.resolve(name);
        Picture.of(SIDE, SIDE, mode, samples).writePng(file);
        return file;
    }

    private static Pictures.Prepared prepare(Path picture, Path mask) {
        ImageInput input = ImageInput.of(picture.toString(), mask.toString(), 0.5);
        return Pictures.prepare(input, SIDE, SIDE);
    }

    @Test
    void theHiddenColourOfAnInitialPictureNeverShows() {
        Path picture = write("picture.png", PixelMode.RGBA, 255, 0, 255, 0, 1, 2, 3, 255);
        Path mask = write("mask.png", PixelMode.GREY, 255);
        byte[] samples = prepare(picture, mask).picture().samples();
        assertArrayEquals(new byte[] {-1, -1, -1, 1, 2, 3}, Arrays.copyOf(samples, 6));
    }

    @Test
    void aMaskOfAlphaAloneSaysWhere() {
        Path picture = write("picture.png", PixelMode.RGB, 9);
        Path mask = write("mask.png", PixelMode.GREY_ALPHA, 255, 0, 255, 255);
        Picture prepared = Objects.requireNonNull(prepare(picture, mask).mask());
        assertEquals(0, prepared.sample(0, 0, 0));
        assertEquals(255, prepared.sample(1, 0, 0));
    }

    /** Black under the mask keeps the initial picture to the bit; hard edges mix nothing. */
    @Test
    void aSoftEdgeMixesWhatIsPaintedWithTheInitialPicture() {
        Path picture = write("picture.png", PixelMode.RGB, 100);
        byte[] half = new byte[SIDE * SIDE];
        for (int i = 0; i < half.length; i++) {
            half[i] = (byte) (i % SIDE < SIDE / 2 ? 0 : 255);
        }
        Path mask = folder.resolve("half.png");
        Picture.of(SIDE, SIDE, PixelMode.GREY, half).writePng(mask);
        ImageInput hard = ImageInput.of(picture.toString(), mask.toString(), 0.5);
        Picture painted = Picture.of(SIDE, SIDE, PixelMode.RGB, new byte[SIDE * SIDE * 3]);
        Pictures.Prepared soft = Pictures.prepare(hard.withFeather(1), SIDE, SIDE);
        Picture mixed = soft.finished(painted);
        assertEquals(painted, Pictures.prepare(hard, SIDE, SIDE).finished(painted));
        assertEquals(100, mixed.sample(0, 0, 0));
        assertEquals(0, mixed.sample(SIDE - 1, 0, 0));
        int edge = mixed.sample(SIDE / 2 - 1, 0, 0);
        assertTrue(edge > 50 && edge < 100, "mixed to " + edge);
        Picture where = Objects.requireNonNull(soft.mask());
        assertEquals(255, where.sample(SIDE / 2 - 1, 0, 0), "painted wherever anything shows");
        assertEquals(0, where.sample(0, 0, 0));
        assertThrows(ArgumentException.class, () -> hard.withFeather(65));
    }

    /** The file holds a header alone, so decoding it would say that it is damaged. */
    @Test
    void aMaskOfAnotherSizeIsRefusedByItsHeader() throws Exception {
        Path picture = write("picture.png", PixelMode.RGB, 9);
        ByteBuffer header = ByteBuffer.allocate(17);
        header.put(new byte[] {'I', 'H', 'D', 'R'}).putInt(13370).putInt(13370);
        header.put(new byte[] {8, 0, 0, 0, 0});
        CRC32 crc = new CRC32();
        crc.update(header.array());
        byte[] png =
                ByteBuffer.allocate(33)
                        .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10})
                        .putInt(13)
                        .put(header.array())
                        .putInt((int) crc.getValue())
                        .array();
        Path mask = Files.write(folder.resolve("mask.png"), png);
        ArgumentException e = assertThrows(ArgumentException.class, () -> prepare(picture, mask));
        assertTrue(e.getMessage().contains("is 13370×13370, the picture 16×16"), e.getMessage());
    }
}
