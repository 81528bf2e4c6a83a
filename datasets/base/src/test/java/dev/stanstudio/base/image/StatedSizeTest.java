package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatedSizeTest {
    private static final int BYTES = 1000;

    @TempDir private Path temp;

    private static ByteBuffer png(int width, int height) {
        return ByteBuffer.allocate(BYTES)
                .put("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(13)
                .put("IHDR".getBytes(StandardCharsets.US_ASCII))
                .putInt(width)
                .putInt(height);
    }

    private static ByteBuffer bmp(int width, int height) {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("BM".getBytes(StandardCharsets.US_ASCII))
                .putInt(BYTES)
                .putInt(0)
                .putInt(54)
                .putInt(40)
                .putInt(width)
                .putInt(height)
                .putShort((short) 1)
                .putShort((short) 24);
    }

    /** A grey picture in tiles or strips of {@code across} by {@code down}. */
    private static ByteBuffer tiff(int width, int height, boolean tiled, int across, int down) {
        int[][] tags = {
            {256, width},
            {257, height},
            {258, 8},
            {259, 1},
            {262, 1},
            {tiled ? 322 : 273, tiled ? across : 300},
            {tiled ? 323 : 278, down},
            {tiled ? 324 : 279, 300}
        };
        ByteBuffer file = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.put("II*\0".getBytes(StandardCharsets.US_ASCII)).putInt(8);
        file.putShort((short) tags.length);
        for (int[] tag : tags) {
            file.putShort((short) tag[0]).putShort((short) 4).putInt(1).putInt(tag[1]);
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource({
        "png, 0, 10, a size of 0x10 pixels",
        "png, 10, 0, a size of 10x0 pixels",
        "png, -294967296, 3, a size of 4000000000x3 pixels",
        "bmp, -56, 10, a size of -56x10 pixels",
        "bmp, 10, 0, a size of 10x0 pixels",
        "bmp, 10, -2147483648, a size of 10x-2147483648 pixels",
        "strips, -294967296, 10, a size of 4000000000x10 pixels",
        "strips, 10, 0, a size of 10x0 pixels",
        "no-rows, 10, 10, strips of 0 rows",
        "no-tiles, 10, 10, tiles of 0x0 pixels"
    })
    void sidesThatNoPictureHasAreNamed(String kind, int width, int height, String stated)
            throws IOException {
        ByteBuffer bytes =
                switch (kind) {
                    case "png" -> png(width, height);
                    case "bmp" -> bmp(width, height);
                    case "strips" -> tiff(width, height, false, 0, 10);
                    case "no-rows" -> tiff(width, height, false, 0, 0);
                    default -> tiff(width, height, true, 0, 0);
                };
        byte[] all = new byte[BYTES];
        bytes.rewind().get(all);
        Path file = Files.write(temp.resolve(kind), all);
        String expected = "picture " + file + " is damaged: its header states " + stated;
        UserException read = assertThrows(UserException.class, () -> Picture.read(file));
        assertEquals(expected, read.getMessage());
        UserException header = assertThrows(UserException.class, () -> PictureHeader.of(file));
        assertEquals(expected, header.getMessage());
    }
}
