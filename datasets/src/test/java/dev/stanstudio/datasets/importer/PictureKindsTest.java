package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.datasets.collection.PictureHash;
import dev.stanstudio.datasets.collection.SplitRules;
import dev.stanstudio.datasets.collection.Splits;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a picture is stored as, training gets it upright, in 8-bit RGB. */
class PictureKindsTest {
    /** An EXIF segment that says: turn a quarter clockwise. */
    private static final byte[] TURNED =
            HexFormat.of()
                    .parseHex(
                            "ffe10022457869660000"
                                    + "4d4d002a00000008"
                                    + "00010112000300000001000600000000"
                                    + "0000");

    @TempDir private Path temp;

    private static byte[] drawn(int type, String format) {
        BufferedImage image = new BufferedImage(40, 20, type);
        Graphics2D pen = image.createGraphics();
        pen.setColor(new Color(200, 100, 50));
        pen.fillRect(0, 0, 20, 20);
        pen.dispose();
        return written(image, format);
    }

    private static byte[] written(BufferedImage image, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            assertTrue(ImageIO.write(image, format, out), format);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Four channels as a JPEG without Adobe's marker: 255 is no ink, as Pillow takes it. */
    private static byte[] cmyk() throws IOException {
        WritableRaster raster = Raster.createInterleavedRaster(0, 40, 20, 4, null);
        for (int i = 0; i < 800; i++) {
            raster.setPixel(i % 40, i / 40, new int[] {i % 40 < 20 ? 0 : 255, 255, 255, 255});
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (MemoryCacheImageOutputStream to = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(to);
            writer.write(null, new IIOImage(raster, null, null), null);
        }
        writer.dispose();
        return out.toByteArray();
    }

    private static byte[] turned() {
        byte[] plain = drawn(BufferedImage.TYPE_INT_RGB, "jpg");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(plain, 0, 2);
        out.writeBytes(TURNED);
        out.write(plain, 2, plain.length - 2);
        return out.toByteArray();
    }

    private StyleCollection imported(Map<String, byte[]> files, boolean decode) throws IOException {
        Path out = temp.resolve("out-" + decode);
        ImportOptions options =
                new ImportOptions(
                        "auto",
                        ImportOptions.OnError.STOP,
                        null,
                        null,
                        null,
                        decode,
                        ImportOptions.DEFAULT_MAX_PIXELS,
                        1);
        CollectionImport.run(
                Made.folder(temp.resolve("in"), files), out, options, (done, skipped) -> {});
        return StyleCollection.open(out);
    }

    @Test
    void everyKindComesInAndIsRgb() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("s/a 16-bit grey.png", drawn(BufferedImage.TYPE_USHORT_GRAY, "png"));
        files.put("s/b palette.png", drawn(BufferedImage.TYPE_BYTE_INDEXED, "png"));
        files.put("s/c alpha.png", drawn(BufferedImage.TYPE_INT_ARGB, "png"));
        files.put("s/d palette.gif", drawn(BufferedImage.TYPE_BYTE_INDEXED, "gif"));
        files.put("s/e bilevel.tif", drawn(BufferedImage.TYPE_BYTE_BINARY, "tif"));
        files.put("s/f four inks.jpg", cmyk());
        files.put("s/g colour.bmp", drawn(BufferedImage.TYPE_INT_RGB, "bmp"));
        StyleCollection collection = imported(files, true);
        List<StyleItem> items = collection.items();
        assertEquals(files.size(), items.size());
        for (StyleItem item : items) {
            Picture picture = collection.picture(item);
            assertEquals(PixelMode.RGB, picture.mode(), item.source());
            assertEquals(40, picture.width(), item.source());
            assertEquals(PictureHash.of(picture), item.dhash(), item.source());
        }
        Picture alpha = collection.picture(items.get(2));
        assertEquals(255, alpha.sample(39, 0, 1), "nothing there: white");
        Picture inks = collection.picture(items.get(5));
        assertTrue(inks.sample(3, 3, 0) < 40 && inks.sample(3, 3, 2) > 200, "cyan");
        assertTrue(inks.sample(36, 3, 0) > 220, "paper");
    }

    @Test
    void theListGivesTheSizeOfTheUprightPicture() throws IOException {
        for (boolean decode : new boolean[] {true, false}) {
            StyleCollection collection = imported(Map.of("s/a.jpg", turned()), decode);
            StyleItem item = collection.items().get(0);
            assertEquals(20, item.width());
            assertEquals(40, item.height());
            assertEquals(20, collection.picture(item).width());
            if (!decode) {
                assertNull(item.dhash());
            }
        }
    }

    /** ArtGAN holds paintings in two styles; here the second file is another compression. */
    @Test
    void aPaintingInTwoStylesDoesNotLeak() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < 40; i++) {
            String name = "/juan-gris_guitar-no-" + i + ".jpg";
            files.put("Cubism" + name, Made.jpg(2 * i));
            files.put("Synthetic_Cubism" + name, Made.jpg(2 * i + 1));
        }
        List<StyleItem> items = imported(files, false).items();
        assertEquals(80, items.size());
        List<String> splits = Splits.assign(items, SplitRules.DEFAULTS);
        Map<String, String> byTitle = new TreeMap<>();
        for (int i = 0; i < 80; i++) {
            String split = byTitle.putIfAbsent(items.get(i).labels().content(), splits.get(i));
            assertTrue(split == null || split.equals(splits.get(i)), items.get(i).source());
        }
        assertEquals(40, byTitle.size());
        assertTrue(byTitle.containsValue("test") && byTitle.containsValue("validation"));
    }
}
