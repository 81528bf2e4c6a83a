package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingTest {
    @TempDir private Path folder;

    private Path png(PixelMode mode, int width, int... samples) {
        byte[] bytes = new byte[samples.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) samples[i];
        }
        Path file = folder.resolve("picture.png");
        int height = samples.length / mode.channels() / width;
        Picture.of(width, height, mode, bytes).writePng(file);
        return file;
    }

    private static byte[] mask(Path file) {
        Picture mask = Picture.read(file, Reading.MASK);
        assertEquals(PixelMode.GREY, mask.mode());
        return mask.samples();
    }

    @Test
    void aMaskOfOneColourIsItsAlpha() {
        byte[] place = {0, (byte) 255, 100};
        assertArrayEquals(
                place,
                mask(
                        png(
                                PixelMode.RGBA,
                                3,
                                255,
                                255,
                                255,
                                0,
                                255,
                                255,
                                255,
                                255,
                                255,
                                255,
                                255,
                                100)));
        assertArrayEquals(place, mask(png(PixelMode.GREY_ALPHA, 3, 0, 0, 0, 255, 0, 100)));
    }

    @Test
    void aMaskWithColoursIsGreyWhateverItsAlpha() {
        assertArrayEquals(
                new byte[] {0, (byte) 255}, mask(png(PixelMode.GREY_ALPHA, 2, 0, 255, 255, 0)));
        // Alpha that is the same all over says no place.
        assertArrayEquals(
                new byte[] {(byte) 255, (byte) 255},
                mask(png(PixelMode.GREY_ALPHA, 2, 255, 9, 255, 9)));
        assertArrayEquals(new byte[] {0, 76}, mask(png(PixelMode.RGB, 2, 0, 0, 0, 255, 0, 0)));
    }

    @Test
    void onlyWhatIsStoredShowsHiddenColours() {
        Path file = png(PixelMode.RGBA, 2, 200, 0, 200, 0, 10, 20, 30, 255);
        assertArrayEquals(
                new byte[] {-1, -1, -1, 10, 20, 30}, Picture.read(file, Reading.SEEN).samples());
        assertArrayEquals(
                new byte[] {(byte) 200, 0, (byte) 200, 10, 20, 30},
                Picture.read(file, Reading.STORED).toRgb().samples());
    }

    /** 16-bit samples are compared whole with the transparent colour (PNG, 11.3.2.1). */
    @Test
    void wideTransparentColoursNeedAllTheirBits() throws IOException {
        Path file = folder.resolve("wide.png");
        byte[] header = ByteBuffer.allocate(13).putInt(2).putInt(1).put(new byte[] {16, 0}).array();
        ByteArrayOutputStream rows = new ByteArrayOutputStream();
        try (var zlib = new DeflaterOutputStream(rows)) {
            zlib.write(new byte[] {0, 0x12, 0x34, 0x12, 0x35});
        }
        PngPieces pieces = new PngPieces();
        pieces.add("IHDR", header);
        pieces.add("tRNS", new byte[] {0x12, 0x34});
        pieces.add("IDAT", rows.toByteArray());
        pieces.add("IEND", new byte[0]);
        Files.write(file, pieces.bytes());
        assertArrayEquals(
                new byte[] {-1, -1, -1, 0x12, 0x12, 0x12},
                Picture.read(file, Reading.SEEN).samples());
    }

    /** The JDK's reader is quadratic in them: these took minutes. */
    @Test
    void longCommentsOfGifAreNotHandedOn() throws IOException {
        byte[] gif = stored("gif-t3-b3.gif");
        int table = 13 + (3 << ((gif[10] & 7) + 1));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(gif, 0, table);
        out.writeBytes(new byte[] {0x21, (byte) 0xFE});
        byte[] block = new byte[256];
        block[0] = (byte) 255;
        for (int i = 0; i < 40_000; i++) {
            out.writeBytes(block);
        }
        out.write(0);
        out.write(gif, table, gif.length - table);
        Path file = Files.write(folder.resolve("comments.gif"), out.toByteArray());
        Path plain = Files.write(folder.resolve("plain.gif"), gif);
        assertEquals(Picture.read(plain, Reading.SEEN), Picture.read(file, Reading.SEEN));
        assertTrue(GifFrame.of(file).plain().size() < gif.length + 10);
    }

    /** A text that inflates to 200 MB says no orientation, and is not inflated whole. */
    @Test
    void inflatedTextsAreBounded() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes("Raw profile type exif\0\0".getBytes(StandardCharsets.US_ASCII));
        try (var zlib = new DeflaterOutputStream(text)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 200; i++) {
                zlib.write(zeros);
            }
        }
        Path file = folder.resolve("bomb.png");
        Picture picture = Picture.of(1, 1, PixelMode.RGB, new byte[] {1, 2, 3});
        PngFile.write(file, picture, List.of(new PngChunk("zTXt", text.toByteArray())));
        assertEquals(Orientation.UPRIGHT, Orientation.of(file));
        assertEquals(picture, Picture.read(file, Reading.SEEN));
    }

    /** L*, a*, b* against Pillow's values, which Little CMS rounds in a table. */
    @Test
    void labIsNearLittleCms() {
        byte[] lab = {
            (byte) 137, 0, 0, (byte) 135, 80, 67, (byte) 224, -79, 81, 82, 68, -112, 0, 0, 0
        };
        byte[] rgb = LabColours.toRgb(Picture.of(5, 1, PixelMode.RGB, lab)).samples();
        int[] expected = {128, 128, 128, 249, 3, 10, 13, 254, 14, 32, 14, 255, 1, 0, 1};
        int worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(expected[i] - (rgb[i] & 0xFF)));
        }
        System.out.println("L*a*b*: worst " + worst + " in " + Arrays.toString(rgb));
        assertTrue(worst <= 14, "worst " + worst);
    }

    private static byte[] stored(String name) throws IOException {
        try (InputStream raw = ReadingTest.class.getResourceAsStream("pillow.zip");
                ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(raw))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals("files/" + name)) {
                    return zip.readAllBytes();
                }
            }
        }
        throw new AssertionError("no " + name);
    }

    /** Chunks one after another behind PNG's signature. */
    private static final class PngPieces {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        PngPieces() {
            out.writeBytes(PngChunks.SIGNATURE);
        }

        void add(String type, byte[] data) {
            byte[] name = type.getBytes(StandardCharsets.US_ASCII);
            var crc = new CRC32();
            crc.update(name);
            crc.update(data);
            out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
            out.writeBytes(name);
            out.writeBytes(data);
            out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
