package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files and the hashes of Pillow's pixels come from {@code docs/reference/pictures/lossy.py}.
 */
class Vp8Test {
    private static final int CHUNK = 20;

    @TempDir private static Path root;

    @BeforeAll
    static void unpack() throws IOException {
        try (InputStream raw = Vp8Test.class.getResourceAsStream("lossy.zip");
                ZipInputStream zip = new ZipInputStream(Objects.requireNonNull(raw))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.write(root.resolve(entry.getName()), zip.readAllBytes());
            }
        }
    }

    private static List<List<String>> rows(boolean refused) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (String row :
                Files.readAllLines(root.resolve("expected.tsv"), StandardCharsets.UTF_8)) {
            List<String> parts = List.of(row.split("\t"));
            if (parts.get(1).equals("refused") == refused) {
                rows.add(parts);
            }
        }
        return rows;
    }

    private static String hash(Picture picture) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(picture.samples());
        return HexFormat.of().formatHex(digest);
    }

    @Test
    void everyPictureEqualsPillows() throws IOException, NoSuchAlgorithmException {
        List<String> different = new ArrayList<>();
        for (List<String> row : rows(false)) {
            Picture picture = Picture.read(root.resolve(row.get(0)));
            String own =
                    String.join(
                            "\t",
                            row.get(0),
                            picture.mode().name(),
                            String.valueOf(picture.width()),
                            String.valueOf(picture.height()),
                            hash(picture));
            if (!own.equals(String.join("\t", row))) {
                different.add(own);
            }
        }
        assertEquals(List.of(), different);
        assertEquals(69, rows(false).size());
    }

    /** Whole macroblocks of this one were green; its strong compression moves it by 12 levels. */
    @Test
    void aFlatPictureHasItsColour() {
        int[] colour = {200, 30, 90};
        byte[] samples = Picture.read(root.resolve("flat-wrong-before.webp")).samples();
        int worst = 0;
        for (int i = 0; i < samples.length; i++) {
            worst = Math.max(worst, Math.abs((samples[i] & 0xFF) - colour[i % 3]));
        }
        System.out.println("flat lossy WebP: worst distance from its colour " + worst);
        assertTrue(worst <= 12, "off by " + worst);
    }

    @Test
    void whatPillowRefusesIsRefusedInOneLine() throws IOException {
        assertEquals(8, rows(true).size());
        for (List<String> row : rows(true)) {
            Path file = root.resolve(row.get(0));
            assertRefusal(assertThrows(UserException.class, () -> Picture.read(file), row.get(0)));
        }
    }

    private static void assertRefusal(UserException e) {
        String message = String.valueOf(e.getMessage());
        assertEquals(1, message.lines().count(), message);
        assertFalse(e.getCause() instanceof RuntimeException, e + " by " + e.getCause());
    }

    /** Whole files with some bytes changed, cut or exchanged: a picture or a refusal. */
    @Test
    void damageIsReadOrRefused() throws IOException {
        Random random = new Random(6386);
        int refused = 0;
        int read = 0;
        for (int i = 0; i < 700; i++) {
            List<String> row = rows(false).get(i % 69);
            byte[] bytes = Files.readAllBytes(root.resolve(row.get(0)));
            Path file = Files.write(root.resolve("damaged.webp"), damaged(bytes, random));
            try {
                read += Picture.read(file).width() > 0 ? 1 : 0;
            } catch (UserException e) {
                assertRefusal(e);
                refused++;
            }
        }
        assertTrue(read > 50 && refused > 50, read + " read, " + refused + " refused");
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        switch (random.nextInt(4)) {
            case 0 -> {
                for (int i = 0; i < 10; i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
            case 1 -> bytes[CHUNK + random.nextInt(40)] ^= (byte) (1 << random.nextInt(8));
            case 2 -> {
                byte[] other = new byte[random.nextInt(bytes.length - CHUNK)];
                random.nextBytes(other);
                System.arraycopy(other, 0, bytes, CHUNK, other.length);
            }
            default -> bytes = cut(bytes, random.nextInt(bytes.length - CHUNK));
        }
        return bytes;
    }

    /** Cuts the first chunk to a length that its header and the file's state. */
    private static byte[] cut(byte[] whole, int length) {
        byte[] bytes = Arrays.copyOf(whole, CHUNK + length + (length & 1));
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(4, bytes.length - 8)
                .putInt(CHUNK - 4, length);
        return bytes;
    }

    /** Frames that state a size and many partitions and hold random bits. */
    @Test
    void randomFramesAreReadOrRefused() throws IOException {
        Random random = new Random(386);
        int read = 0;
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[CHUNK + 2 * (random.nextInt(4000) + 20)];
            random.nextBytes(bytes);
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put("RIFF    WEBPVP8 ".getBytes(StandardCharsets.US_ASCII))
                    .putInt(bytes.length - CHUNK)
                    .putInt(0x9D00_0010 | ((random.nextInt(bytes.length) / 4) << 5))
                    .putShort((short) 0x2A01)
                    .putShort((short) (1 + random.nextInt(64)))
                    .putShort((short) (1 + random.nextInt(64)))
                    .putInt(4, bytes.length - 8);
            Path file = Files.write(root.resolve("random.webp"), bytes);
            try {
                read += Picture.read(file).width() > 0 ? 1 : 0;
            } catch (UserException e) {
                assertRefusal(e);
            }
        }
        assertTrue(read > 10, read + " read");
    }

    /** The values of RFC 6386, section 15.2 and the end of section 15.4. */
    @Test
    void limitsFollowLevelAndSharpness() {
        assertEquals(new Vp8FilterLimits(0, 0, 0), Vp8FilterLimits.of(0, 7));
        assertEquals(new Vp8FilterLimits(3, 1, 0), Vp8FilterLimits.of(1, 7));
        assertEquals(new Vp8FilterLimits(28 + 14, 14, 0), Vp8FilterLimits.of(14, 0));
        assertEquals(new Vp8FilterLimits(30 + 7, 7, 1), Vp8FilterLimits.of(15, 1));
        assertEquals(new Vp8FilterLimits(126 + 2, 2, 2), Vp8FilterLimits.of(63, 7));
        assertEquals(132, Vp8FilterLimits.of(63, 7).outerEdge());
    }

    @Test
    void readingBehindTheEndIsToldAfterwards() throws IOException {
        Vp8Bits in = new Vp8Bits(new byte[] {0x55, 0x11}, 0, 2);
        in.number(9);
        in.requireWhole();
        in.number(8);
        assertThrows(IOException.class, in::requireWhole);
        Vp8Bits empty = new Vp8Bits(new byte[4], 4, 4);
        assertThrows(IOException.class, empty::requireWhole);
    }
}
