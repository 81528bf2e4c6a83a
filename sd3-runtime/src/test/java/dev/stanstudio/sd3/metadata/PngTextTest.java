package dev.stanstudio.sd3.metadata;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.base.image.PngChunk;
import dev.stanstudio.base.image.PngChunks;
import dev.stanstudio.base.image.PngFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import javax.imageio.metadata.IIOMetadataNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngTextTest {

    private static final Picture PICTURE = noise();

    @TempDir private Path folder;

    @Test
    void readsBackWhatItWrote() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("parameters", "a castle, dawn\nNegative prompt: blurry\nSteps: 28, Seed: 1");
        texts.put("studio", "{\"prompt\": \"ein Schloß, 夜明け 🌅\"}");
        texts.put("café", "");
        texts.put("Comment", "ÿ\r\n\ttabs");
        Path file = folder.resolve("a.png");
        PngText.write(file, PICTURE, texts);
        assertEquals(List.copyOf(texts.entrySet()), List.copyOf(PngText.read(file).entrySet()));
        assertEquals(PICTURE, Picture.read(file));
    }

    @Test
    void keepsPixelsAndTextForOtherReaders() throws IOException {
        Path file = folder.resolve("a.png");
        PngText.write(file, PICTURE, Map.of("parameters", "a fox", "note", "狐"));
        BufferedImage image = ImageIO.read(file.toFile());
        for (int i = 0; i < 19 * 11; i++) {
            int[] pixel = image.getRaster().getPixel(i % 19, i / 19, (int[]) null);
            for (int c = 0; c < 3; c++) {
                assertEquals(PICTURE.sample(i % 19, i / 19, c), pixel[c]);
            }
        }
        try (var in = ImageIO.createImageInputStream(file.toFile())) {
            var reader = ImageIO.getImageReadersByFormatName("png").next();
            reader.setInput(in);
            var root =
                    (IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
            var latin = (IIOMetadataNode) root.getElementsByTagName("tEXtEntry").item(0);
            assertEquals("a fox", latin.getAttribute("value"));
            var other = (IIOMetadataNode) root.getElementsByTagName("iTXtEntry").item(0);
            assertEquals("狐", other.getAttribute("text"));
            reader.dispose();
        }
    }

    @Test
    void writesEqualBytesForEqualArguments() throws IOException {
        Map<String, String> texts = Map.of("parameters", "a fox");
        PngText.write(folder.resolve("a.png"), PICTURE, texts);
        PngText.write(folder.resolve("b.png"), PICTURE, texts);
        assertEquals(-1, Files.mismatch(folder.resolve("a.png"), folder.resolve("b.png")));
    }

    @Test
    void choosesTheChunkByTheCharacters() {
        Path file = folder.resolve("a.png");
        PngText.write(file, PICTURE, Map.of("k", "naïve ÿ"));
        assertEquals(1, PngChunks.read(file, Set.of("tEXt")).size());
        PngText.write(file, PICTURE, Map.of("k", "naïve Ā"));
        assertEquals(0, PngChunks.read(file, Set.of("tEXt")).size());
    }

    @Test
    void readsCompressedTexts() {
        Path file = folder.resolve("a.png");
        PngChunk latin = chunk("zTXt", "old\0\0", deflate("grüße".getBytes(ISO_8859_1)));
        PngChunk utf8 = chunk("iTXt", "new\0\1\0en\0neu\0", deflate("東京".getBytes(UTF_8)));
        PngFile.write(file, PICTURE, List.of(latin, utf8));
        assertEquals(Map.of("old", "grüße", "new", "東京"), PngText.read(file));
    }

    @Test
    void utf8InChunksOfLatin1IsReadAsSuch() {
        Path file = folder.resolve("a.png");
        PngChunk plain = new PngChunk("tEXt", "k\0a café, 東京, Grüße".getBytes(UTF_8));
        PngChunk latin = new PngChunk("tEXt", "old\0Grüße ÿ".getBytes(ISO_8859_1));
        PngChunk packed = chunk("zTXt", "packed\0\0", deflate("naïve 🌊".getBytes(UTF_8)));
        PngFile.write(file, PICTURE, List.of(plain, latin, packed));
        assertEquals(
                Map.of("k", "a café, 東京, Grüße", "old", "Grüße ÿ", "packed", "naïve 🌊"),
                PngText.read(file));
    }

    @Test
    void aTextWhoseLatin1LooksLikeUtf8IsReadBackAsItWas() {
        Path file = folder.resolve("a.png");
        PngText.write(file, PICTURE, Map.of("k", "it says CafÃ© Â£"));
        assertEquals(Map.of("k", "it says CafÃ© Â£"), PngText.read(file));
    }

    @Test
    void readsTextAfterThePixels() throws IOException {
        Path front = folder.resolve("front.png");
        PngText.write(front, PICTURE, Map.of("parameters", "behind"));
        byte[] bytes = Files.readAllBytes(front);
        int length = 12 + "parameters\0behind".length();
        int after = 8 + 25;
        ByteArrayOutputStream moved = new ByteArrayOutputStream();
        moved.write(bytes, 0, after);
        moved.write(bytes, after + length, bytes.length - 12 - after - length);
        moved.write(bytes, after, length);
        moved.write(bytes, bytes.length - 12, 12);
        Path behind = folder.resolve("behind.png");
        Files.write(behind, moved.toByteArray());
        assertEquals(Map.of("parameters", "behind"), PngText.read(behind));
    }

    @Test
    void refusesTextThatInflatesWithoutEnd() {
        Path file = folder.resolve("bomb.png");
        byte[] zeros = deflate(new byte[(16 << 20) + 1]);
        PngFile.write(file, PICTURE, List.of(chunk("zTXt", "k\0\0", zeros)));
        refused(file, "16777216");
    }

    @Test
    void refusesDamage() throws IOException {
        Path file = folder.resolve("a.png");
        PngText.write(file, PICTURE, Map.of("parameters", "a fox"));
        byte[] whole = Files.readAllBytes(file);
        Path bad = folder.resolve("bad.png");
        for (int at = 0; at < whole.length; at++) {
            byte[] bytes = whole.clone();
            bytes[at] ^= 0x20;
            Files.write(bad, bytes);
            refused(bad, "bad.png");
            Files.write(bad, Arrays.copyOf(whole, at));
            refused(bad, "bad.png");
        }
        refused(folder.resolve("missing.png"), "no such file");
        PngFile.write(bad, PICTURE, List.of(chunk("zTXt", "k\0\0", new byte[] {1, 2, 3})));
        refused(bad, "zTXt");
        PngFile.write(bad, PICTURE, List.of(chunk("iTXt", "k\0\0", new byte[0])));
        refused(bad, "ends before its text");
    }

    @Test
    void refusesWhatPngCannotHold() throws IOException {
        Path file = folder.resolve("a.png");
        for (String keyword : List.of("", "k".repeat(80), "キー", "a\0b")) {
            assertThrows(
                    UserException.class,
                    () -> PngText.write(file, PICTURE, Map.of(keyword, "text")));
        }
        assertThrows(UserException.class, () -> PngText.write(file, PICTURE, Map.of("k", "a\0b")));
        Path missing = folder.resolve("no/a.png");
        UserException e =
                assertThrows(UserException.class, () -> PngText.write(missing, PICTURE, Map.of()));
        assertTrue(
                String.valueOf(e.getMessage()).contains(folder.resolve("no") + " is not a folder"));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }

    private static void refused(Path file, String named) {
        UserException e = assertThrows(UserException.class, () -> PngText.read(file));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(named), message);
        assertEquals(1, message.lines().count(), message);
    }

    private static PngChunk chunk(String type, String head, byte[] tail) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(head.getBytes(ISO_8859_1));
        data.writeBytes(tail);
        return new PngChunk(type, data.toByteArray());
    }

    private static byte[] deflate(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream zlib = new DeflaterOutputStream(out)) {
            zlib.write(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static Picture noise() {
        byte[] samples = new byte[19 * 11 * 3];
        new Random(4).nextBytes(samples);
        return Picture.of(19, 11, PixelMode.RGB, samples);
    }
}
