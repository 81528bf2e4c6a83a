package dev.stanstudio.base.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.NodeList;

class PictureFileTest {

    private static final int JFIF_END = 20;

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(PixelMode.class)
    void writtenPngsAreReadWithEqualPixels(PixelMode mode) throws IOException {
        Picture picture = noise(mode, 37, 21);
        Path file = folder.resolve("picture.png");
        picture.writePng(file);
        Picture back = Picture.read(file);
        assertArrayEquals(picture.samples(), back.samples());
        assertEquals(mode.channels(), back.mode().channels());
        Raster raster = ImageIO.read(file.toFile()).getRaster();
        int[] samples = raster.getPixels(0, 0, 37, 21, (int[]) null);
        for (int i = 0; i < samples.length; i++) {
            assertEquals(picture.array()[i] & 0xFF, samples[i]);
        }
    }

    @Test
    void equalPicturesGiveEqualFiles() throws IOException {
        // More pixels than fit into one IDAT chunk of noise.
        Picture picture = noise(PixelMode.RGB, 800, 700);
        picture.writePng(folder.resolve("a.png"));
        picture.writePng(folder.resolve("b.png"));
        assertEquals(-1, Files.mismatch(folder.resolve("a.png"), folder.resolve("b.png")));
        assertEquals(picture, Picture.read(folder.resolve("a.png")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "bmp", "gif", "tiff"})
    void goesByContentNotByName(String format) throws IOException {
        // The GIF writer needs a palette, and its reader loses rows of interlaced files under 5
        // high.
        boolean gif = format.equals("gif");
        int type = gif ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_3BYTE_BGR;
        BufferedImage image = new BufferedImage(5, 12, type);
        image.setRGB(1, 2, 0xFFFFFFFF);
        Path file = folder.resolve("picture.jpg");
        assertTrue(ImageIO.write(image, format, file.toFile()), "the JDK writes " + format);
        Picture picture = Picture.read(file).toRgb();
        assertEquals(5, picture.width(), format);
        assertEquals(255, picture.sample(1, 2, 0), format);
        assertEquals(0, picture.sample(2, 1, 0));
    }

    @Test
    void keepsTheHighByteOf16BitSamples() throws IOException {
        BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setPixels(0, 0, 3, 1, new int[] {255, 256 * 7 + 200, 65535});
        Path file = folder.resolve("grey16.png");
        ImageIO.write(image, "png", file.toFile());
        assertArrayEquals(new byte[] {0, 7, -1}, Picture.read(file).samples());
    }

    @Test
    void ignoresColourProfiles() throws IOException {
        Path plain = jpeg("plain.jpg");
        byte[] bytes = Files.readAllBytes(plain);
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, JFIF_END);
        out.write(new byte[] {(byte) 0xFF, (byte) 0xE2});
        out.write(ByteBuffer.allocate(2).putShort((short) (profile.length + 16)).array());
        out.write("ICC_PROFILE\0\1\1".getBytes(StandardCharsets.US_ASCII));
        out.write(profile);
        out.write(bytes, JFIF_END, bytes.length - JFIF_END);
        Path tagged = folder.resolve("tagged.jpg");
        Files.write(tagged, out.toByteArray());
        assertEquals(Picture.read(plain), Picture.read(tagged));
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        Path png = folder.resolve("picture.png");
        noise(PixelMode.RGB, 20, 20).writePng(png);
        for (Path whole : List.of(png, jpeg("picture.jpg"))) {
            byte[] bytes = Files.readAllBytes(whole);
            Path cut = folder.resolve("cut-" + whole.getFileName());
            // The last 16 bytes of a PNG are the pixels' CRC and the end mark, which hold no
            // pixels.
            for (int length = 0; length < bytes.length - 17; length += 7) {
                Files.write(cut, Arrays.copyOf(bytes, length));
                refused(cut, cut.toString());
            }
        }
    }

    @Test
    void refusesPicturesTooLargeToBeMeant() throws IOException {
        Path file = folder.resolve("bomb.png");
        byte[] header = ByteBuffer.allocate(13).putInt(13378).putInt(13378).array();
        header[8] = 8;
        try (var out = Files.newOutputStream(file)) {
            out.write(PngChunks.SIGNATURE);
            out.write(ByteBuffer.allocate(4).putInt(13).array());
            out.write("IHDR".getBytes(StandardCharsets.US_ASCII));
            out.write(header);
            out.write(new byte[4]);
        }
        String message = refused(file, "178970884 pixels");
        assertTrue(message.contains("178956970"), message);
    }

    @Test
    void namesWhatIsNoPicture() throws IOException {
        Path text = folder.resolve("notes.png");
        Files.writeString(text, "not a picture at all, just a note");
        refused(text, "notes.png is not a PNG, JPEG");
        refused(folder.resolve("missing.png"), "there is no picture");
        refused(folder, "folder");
    }

    @Test
    void leavesNothingBehindWhereItCannotWrite() throws IOException {
        Picture picture = noise(PixelMode.RGB, 4, 4);
        Path missing = folder.resolve("missing/out.png");
        UserException e = assertThrows(UserException.class, () -> picture.writePng(missing));
        assertTrue(
                String.valueOf(e.getMessage()).contains(missing.getParent() + " is not a folder"));

        Path occupied = Files.createDirectories(folder.resolve("occupied.png"));
        Files.writeString(occupied.resolve("inside"), "keeps the folder from being replaced");
        UserException blocked = assertThrows(UserException.class, () -> picture.writePng(occupied));
        assertTrue(String.valueOf(blocked.getMessage()).contains(folder.toString()));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(occupied), files.toList());
        }
    }

    private static String refused(Path file, String named) {
        UserException e = assertThrows(UserException.class, () -> Picture.read(file));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(named), message);
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void threeColoursWithoutAMarkerAreLumaAndChromaUnlessTheirNamesSayRgb() throws IOException {
        Path marked = fullChroma("marked.jpg");
        Picture expected = Picture.read(marked);
        byte[] bytes = Files.readAllBytes(marked);
        for (String names : List.of("\0\1\2", "\1\4\t", "YCc")) {
            Path bare = folder.resolve("bare.jpg");
            Files.write(bare, withoutMarker(bytes, names));
            assertEquals(expected, Picture.read(bare), names);
        }
        Path rgb = folder.resolve("rgb.jpg");
        Files.write(rgb, withoutMarker(bytes, "RGB"));
        assertNotEquals(expected, Picture.read(rgb));
    }

    /** A JPEG file with as many chroma as luma samples, of which the JDK guesses the colours. */
    private Path fullChroma(String name) throws IOException {
        BufferedImage image = ImageIO.read(jpeg(name).toFile());
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
        String format = metadata.getNativeMetadataFormatName();
        IIOMetadataNode tree = (IIOMetadataNode) metadata.getAsTree(format);
        NodeList components = tree.getElementsByTagName("componentSpec");
        for (int c = 0; c < components.getLength(); c++) {
            ((IIOMetadataNode) components.item(c)).setAttribute("HsamplingFactor", "1");
            ((IIOMetadataNode) components.item(c)).setAttribute("VsamplingFactor", "1");
        }
        metadata.setFromTree(format, tree);
        Path file = folder.resolve(name);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.write(metadata, new IIOImage(image, null, metadata), null);
        } finally {
            writer.dispose();
        }
        return file;
    }

    /** A JPEG file without its JFIF segment, its three components called otherwise. */
    private static byte[] withoutMarker(byte[] jfif, String names) {
        int length = 2 + ((jfif[4] & 0xFF) << 8) + (jfif[5] & 0xFF);
        byte[] bare = new byte[jfif.length - length];
        System.arraycopy(jfif, 0, bare, 0, 2);
        System.arraycopy(jfif, 2 + length, bare, 2, bare.length - 2);
        for (int at = 2; at < bare.length; ) {
            int marker = bare[at + 1] & 0xFF;
            for (int c = 0; c < 3; c++) {
                if (marker == 0xC0) {
                    bare[at + 10 + 3 * c] = (byte) names.charAt(c);
                } else if (marker == 0xDA) {
                    bare[at + 5 + 2 * c] = (byte) names.charAt(c);
                }
            }
            if (marker == 0xDA) {
                break;
            }
            at += 2 + ((bare[at + 2] & 0xFF) << 8) + (bare[at + 3] & 0xFF);
        }
        return bare;
    }

    private Path jpeg(String name) throws IOException {
        BufferedImage image = new BufferedImage(48, 32, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < 48 * 32; i++) {
            image.setRGB(i % 48, i / 48, 0x010203 * (i % 84));
        }
        Path file = folder.resolve(name);
        ImageIO.write(image, "jpeg", file.toFile());
        return file;
    }

    private static Picture noise(PixelMode mode, int width, int height) {
        byte[] samples = new byte[width * height * mode.channels()];
        new Random(3).nextBytes(samples);
        return Picture.of(width, height, mode, samples);
    }
}
