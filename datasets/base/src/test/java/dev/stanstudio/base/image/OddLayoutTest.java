package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BMP and TIFF files in layouts that the JDK reads otherwise than Pillow, or not at all. */
class OddLayoutTest {
    private static final byte[][] COLOURS = {{10, 20, 30}, {40, 50, 60}, {70, 80, 90}};

    /** Pillow 13: a picture of (200, 120, 40, 90), 8 by 8, compressed by JPEG. */
    private static final String RGBA_IN_JPEG =
            """
            SUkqADwAAAD/2P/AABQIAAgACAQAEQABEQACEQADEQD/2gAOBAAAAQACAAMAAD8A/pArz+v5P6/M+v/Z\
            DAAAAQMAAQAAAAgAAAABAQMAAQAAAAgAAAACAQMABAAAANIAAAADAQMAAQAAAAcAAAAGAQMAAQAAAAIA\
            AAARAQQAAQAAAAgAAAAVAQMAAQAAAAQAAAAWAQMAAQAAAAgAAAAXAQQAAQAAADQAAAAcAQMAAQAAAAEA\
            AABSAQMAAQAAAAIAAABbAQcAIQEAANoAAAAAAAAACAAIAAgACAD/2P/bAEMAAQEBAQEBAQEBAQEBAQEB\
            AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAf/EAB8AAAEFAQEB\
            AQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQci\
            cRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm\
            Z2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV\
            1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/Z\
            """;

    @TempDir private Path temp;

    /** Two rows of numbers 0, 1, 2 and 3 with three colours, {@code gap} bytes before the pixels. */
    private static byte[] bmp(int header, int stated, int gap) {
        int entry = header == 12 ? 3 : 4;
        int data = 14 + header + COLOURS.length * entry + gap;
        ByteBuffer file = ByteBuffer.allocate(data + 8).order(ByteOrder.LITTLE_ENDIAN);
        file.put("BM".getBytes(StandardCharsets.US_ASCII)).putInt(data + 8).putInt(0).putInt(data);
        file.putInt(header);
        if (header == 12) {
            file.putShort((short) 4).putShort((short) 2).putShort((short) 1).putShort((short) 4);
        } else {
            file.putInt(4).putInt(2).putShort((short) 1).putShort((short) 4);
            file.putInt(14 + 32, stated);
        }
        file.position(14 + header);
        for (byte[] rgb : COLOURS) {
            file.put(new byte[] {rgb[2], rgb[1], rgb[0]}).position(file.position() + entry - 3);
        }
        file.position(data);
        return file.put(new byte[] {0x01, 0x23, 0, 0, 0x21, 0x00, 0, 0}).array();
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(temp.resolve(name), bytes);
    }

    @ParameterizedTest
    @CsvSource({"40, 3, 0", "40, 3, 2", "40, 3, 90", "12, 0, 0", "12, 0, 1", "64, 3, 0", "124, 3, 7"})
    void coloursOfABmpNeedNotFillThePaletteOrEndWhereThePixelsBegin(
            int header, int stated, int gap) throws IOException {
        Path bmp = file("a.bmp", bmp(header, stated, gap));
        Picture picture = Picture.read(bmp).toRgb();
        assertArrayEquals(
                new byte[] {
                    70, 80, 90, 40, 50, 60, 10, 20, 30, 10, 20, 30,
                    10, 20, 30, 40, 50, 60, 70, 80, 90, 0, 0, 0
                },
                picture.samples());
        assertEquals(8, PictureHeader.of(bmp).pixels());
    }

    @Test
    void jpegWithAlphaInATiffIsNotTakenForInks() throws IOException {
        Path tiff = file("a.tif", Base64.getMimeDecoder().decode(RGBA_IN_JPEG));
        byte[] first = new byte[4];
        System.arraycopy(Picture.read(tiff).samples(), 0, first, 0, 4);
        assertArrayEquals(new byte[] {(byte) 200, 120, 40, 90}, first);
    }

    /** A pixel of red, green, blue and a fourth sample of which the file says nothing. */
    @Test
    void aFourthSampleOfATiffOfWhichNothingIsSaidIsAlpha() throws IOException {
        int[][] tags = {
            {256, 1}, {257, 1}, {258, 8}, {259, 1}, {262, 2}, {273, 200}, {277, 4}, {278, 1}, {279, 4}
        };
        ByteBuffer file = ByteBuffer.allocate(204).order(ByteOrder.LITTLE_ENDIAN);
        file.put("II*\0".getBytes(StandardCharsets.US_ASCII)).putInt(8);
        file.putShort((short) tags.length);
        for (int[] tag : tags) {
            boolean bits = tag[0] == 258;
            file.putShort((short) tag[0]).putShort((short) 3).putInt(bits ? 4 : 1);
            file.putInt(bits ? 190 : tag[1]);
        }
        file.position(190);
        for (int i = 0; i < 4; i++) {
            file.putShort((short) 8);
        }
        file.position(200);
        file.put(new byte[] {10, 20, 30, 0});
        Path tiff = file("b.tif", file.array());
        assertArrayEquals(new byte[] {-1, -1, -1}, Picture.read(tiff, Reading.SEEN).samples());
        assertArrayEquals(new byte[] {10, 20, 30}, Picture.read(tiff).toRgb().samples());
        assertEquals(true, PictureHeader.of(tiff).transparent());
    }
}
