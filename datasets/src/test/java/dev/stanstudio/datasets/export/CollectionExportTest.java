package dev.stanstudio.datasets.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.datasets.importer.CollectionImport;
import dev.stanstudio.datasets.importer.ImportOptions;
import dev.stanstudio.datasets.sample.CaptionPolicy;
import dev.stanstudio.datasets.sample.CaptionTemplate;
import dev.stanstudio.datasets.sample.Selection;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CollectionExportTest {
    private static final Comparator<StyleItem> BY_HASH = Comparator.comparing(StyleItem::sha256);

    @TempDir private Path temp;
    private Path folder;

    @BeforeEach
    void collection() throws IOException {
        Path in = temp.resolve("in");
        for (int i = 0; i < 5; i++) {
            draw(in.resolve("train/pop art/red boat " + i + ".png"), i, "png");
        }
        draw(in.resolve("train/cubism/a guitar.png"), 0, "png");
        draw(in.resolve("train/cubism/a table.bmp"), 7, "bmp");
        draw(in.resolve("val/cubism/a house.tif"), 8, "tif");
        folder = temp.resolve("collection");
        CollectionImport.run(in, folder, ImportOptions.DEFAULTS, (done, skipped) -> {});
    }

    private static void draw(Path file, int number, String format) throws IOException {
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
        image.setRGB(number, number, 0x010203 * (number + 9));
        assertTrue(ImageIO.write(image, format, file.toFile()), format);
    }

    private static ExportOptions options(ExportOptions.Format format) {
        return new ExportOptions(format, Selection.ALL, CaptionPolicy.AS_LISTED, 10, 3, false);
    }

    private ExportReport run(Path out, ExportOptions options) {
        return CollectionExport.run(
                StyleCollection.open(folder), out, options, (done, skipped) -> {});
    }

    private static Map<String, String> snapshot(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(
                        folder.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }

    private List<StyleItem> items(Path collection) {
        return StyleCollection.open(collection).items().stream().sorted(BY_HASH).toList();
    }

    private List<StyleItem> reimported(Path export) {
        Path copy = temp.resolve("again");
        CollectionImport.run(export, copy, ImportOptions.DEFAULTS, (done, skipped) -> {});
        return items(copy);
    }

    /** Exports come back as they were: bytes, labels and parts. */
    @Test
    void anImageFolderComesBack() {
        ExportReport report = run(temp.resolve("out"), options(ExportOptions.Format.IMAGEFOLDER));
        assertEquals(new ExportReport("imagefolder", 7, 0, 0, List.of()), report);
        assertTrue(Files.exists(temp.resolve("out/validation/metadata.jsonl")));
        List<StyleItem> back = reimported(temp.resolve("out"));
        assertSame(items(folder), back);
    }

    @Test
    void shardsComeBack() throws IOException {
        ExportReport report = run(temp.resolve("out"), options(ExportOptions.Format.WEBDATASET));
        assertEquals(7, report.written());
        assertEquals(
                "[.export.sha256, train-000000.tar, train-000001.tar, validation-000000.tar]",
                snapshot(temp.resolve("out")).keySet().toString());
        assertSame(items(folder), reimported(temp.resolve("out")));
    }

    @Test
    void oneExportRunsInAFolder() throws IOException {
        Path out = temp.resolve("out");
        ExportOptions options = options(ExportOptions.Format.IMAGEFOLDER);
        assertEquals(7, run(out, options).written());
        Path half = out.resolve(".a.png." + UUID.randomUUID() + ".part");
        try (FolderLock other = FolderLock.of(out, ExportPlan.MARK, "export")) {
            Files.writeString(half, "");
            UserException e = assertThrows(UserException.class, () -> run(out, options));
            assertTrue(e.getMessage().contains("another export is running"), e.getMessage());
            assertTrue(Files.exists(half), "what the other is writing stays");
        }
        assertEquals(7, run(out, options).kept());
        assertFalse(Files.exists(half));
    }

    @Test
    void aPictureThatIsMendedIsInTheShardAfterwards() throws IOException {
        Path out = temp.resolve("out");
        Path file = StyleCollection.open(folder).file(items(folder).get(0));
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        assertEquals(1, run(out, options(ExportOptions.Format.WEBDATASET)).skipped());
        assertEquals(1, run(out, options(ExportOptions.Format.WEBDATASET)).skipped());
        Files.write(file, bytes);
        ExportReport mended = run(out, options(ExportOptions.Format.WEBDATASET));
        assertEquals(0, mended.skipped());
        assertEquals(7, mended.written() + mended.kept());
        assertSame(items(folder), reimported(out));
        assertEquals(7, run(out, options(ExportOptions.Format.WEBDATASET)).kept());
    }

    private static void assertSame(List<StyleItem> expected, List<StyleItem> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).labels(), actual.get(i).labels());
            assertEquals(expected.get(i).sha256(), actual.get(i).sha256());
        }
    }

    @Test
    void kohyaGetsFoldersByStyleAndNothingItCannotRead() throws IOException {
        Path out = temp.resolve("out");
        run(out, options(ExportOptions.Format.KOHYA));
        Map<String, String> files = snapshot(out);
        assertEquals(1 + 2 * 7, files.size(), files.keySet().toString());
        String boat =
                files.entrySet().stream()
                        .filter(file -> file.getKey().matches("train/10_pop art/red-boat-1.*txt"))
                        .findFirst()
                        .orElseThrow()
                        .getValue();
        assertEquals("red boat 1, in the style of pop art", boat);
        String tiff =
                files.keySet().stream()
                        .filter(file -> file.matches("validation/10_cubism/a-house.*png"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(24, Picture.read(out.resolve(tiff)).width());
    }

    /** kohya's scripts turn nothing and drop alpha: what they read must be what is seen. */
    @Test
    void whatOtherProgramsWouldSeeOtherwiseIsWrittenAsSeen() throws IOException {
        Path in = temp.resolve("turned");
        Files.createDirectories(in.resolve("cubism"));
        draw(in.resolve("cubism/plain.jpg"), 3, "jpg");
        byte[] plain = Files.readAllBytes(in.resolve("cubism/plain.jpg"));
        byte[] exif =
                HexFormat.of()
                        .parseHex(
                                "ffe100224578696600004d4d002a0000000800010112000300000001000600000000"
                                    + "0000");
        byte[] turned =
                ByteBuffer.allocate(plain.length + exif.length)
                        .put(plain, 0, 2)
                        .put(exif)
                        .put(plain, 2, plain.length - 2)
                        .array();
        Files.write(in.resolve("cubism/turned.jpg"), turned);
        BufferedImage clear = new BufferedImage(24, 16, BufferedImage.TYPE_INT_ARGB);
        clear.setRGB(1, 1, 0xFF102030);
        clear.setRGB(2, 2, 0x00FF00FF);
        ImageIO.write(clear, "png", in.resolve("cubism/clear.png").toFile());
        folder = temp.resolve("collection-turned");
        CollectionImport.run(in, folder, ImportOptions.DEFAULTS, (done, skipped) -> {});

        Path kohya = temp.resolve("kohya");
        run(kohya, options(ExportOptions.Format.KOHYA));
        int compared = 0;
        StyleCollection collection = StyleCollection.open(folder);
        for (StyleItem item : items(folder)) {
            String name = Path.of(item.fileName()).getFileName().toString();
            String stem = name.substring(0, name.lastIndexOf('.'));
            boolean copied = name.startsWith("plain");
            Path file = kohya.resolve("10_cubism/" + stem + (copied ? ".jpg" : ".png"));
            assertEquals(collection.picture(item), Picture.read(file), name);
            compared++;
        }
        assertEquals(3, compared);

        run(temp.resolve("tar"), options(ExportOptions.Format.WEBDATASET));
        List<String> sizes =
                reimported(temp.resolve("tar")).stream()
                        .map(
                                i ->
                                        i.width()
                                                + "x"
                                                + i.height()
                                                + i.fileName().replaceAll(".*\\.", "."))
                        .sorted()
                        .toList();
        assertEquals(List.of("16x24.png", "24x16.jpg", "24x16.png"), sizes);
    }

    @Test
    void stylesPartsAndTemplatesApply() throws IOException {
        ExportOptions some =
                new ExportOptions(
                        ExportOptions.Format.KOHYA,
                        new Selection(List.of("Cubism"), List.of("train")),
                        new CaptionPolicy(new CaptionTemplate("{style} of {content}"), 0, 0),
                        2,
                        1,
                        false);
        Path out = temp.resolve("out");
        assertEquals(2, run(out, some).written());
        Map<String, String> files = snapshot(out);
        files.keySet().removeIf(file -> !file.endsWith(".txt"));
        assertEquals(
                List.of("cubism of a guitar", "cubism of a table"), List.copyOf(files.values()));
    }

    @ParameterizedTest
    @EnumSource(ExportOptions.Format.class)
    void anExportKilledAnywhereEndsWithTheSameBytes(ExportOptions.Format format)
            throws IOException {
        run(temp.resolve("whole"), options(format));
        Map<String, String> expected = snapshot(temp.resolve("whole"));
        for (int pictures = 1; pictures <= 7; pictures++) {
            Path out = temp.resolve("killed-" + pictures);
            int limit = pictures;
            assertThrows(
                    CancellationException.class,
                    () ->
                            CollectionExport.run(
                                    StyleCollection.open(folder),
                                    out,
                                    options(format),
                                    (done, skipped) -> {
                                        if (done >= limit) {
                                            throw new CancellationException("as a kill would");
                                        }
                                    }));
            Files.writeString(out.resolve(".x.png." + UUID.randomUUID() + ".part"), "half");
            run(out, options(format));
            assertEquals(expected, snapshot(out), "after " + pictures);
            ExportReport again = run(out, options(format));
            assertEquals(7, again.kept());
            assertEquals(expected, snapshot(out));
        }
    }

    @ParameterizedTest
    @EnumSource(ExportOptions.Format.class)
    void missingAndChangedPicturesAreNamed(ExportOptions.Format format) throws IOException {
        List<StyleItem> items = StyleCollection.open(folder).items();
        Files.delete(folder.resolve(items.get(0).fileName()));
        Files.writeString(folder.resolve(items.get(1).fileName()), "no picture");
        Path out = temp.resolve("out");
        ExportReport report = run(out, options(format));
        assertEquals(2, report.skipped());
        assertEquals(5, report.written());
        assertTrue(report.problems().get(0).endsWith(": is missing"), report.toString());
        assertTrue(report.problems().get(1).contains("its hash differs"), report.toString());
        for (String file : snapshot(out).keySet()) {
            assertFalse(file.contains(".part"), file);
        }
        ExportOptions stop =
                new ExportOptions(format, Selection.ALL, CaptionPolicy.AS_LISTED, 1, 3, true);
        assertRefused("is missing; mend the collection", () -> run(temp.resolve("no"), stop));
    }

    @Test
    void equalNamesStayApart() throws IOException {
        StyleItem first = StyleCollection.open(folder).items().get(0);
        Path lists = Files.createDirectories(temp.resolve("twice/a"));
        Files.createDirectories(temp.resolve("twice/b"));
        Files.copy(folder.resolve(first.fileName()), lists.resolve("x.png"));
        StyleItem other = StyleCollection.open(folder).items().get(1);
        Files.copy(folder.resolve(other.fileName()), temp.resolve("twice/b/x.png"));
        Files.writeString(
                temp.resolve("twice/metadata.jsonl"),
                line("a/x.png", first) + line("b/x.png", other));
        folder = temp.resolve("twice");
        run(temp.resolve("out"), options(ExportOptions.Format.IMAGEFOLDER));
        assertEquals(2, reimported(temp.resolve("out")).size());
    }

    private static String line(String name, StyleItem item) {
        Labels labels = Labels.NONE.withStyles(List.of("s"));
        return item.withLabels(labels).toJson().put("file_name", name) + "\n";
    }

    @Test
    void foldersThatCannotWorkAreRefused() {
        Path out = temp.resolve("out");
        run(out, options(ExportOptions.Format.KOHYA));
        assertRefused(
                "holds another export", () -> run(out, options(ExportOptions.Format.WEBDATASET)));
        assertRefused("holds other files", () -> run(temp.resolve("in"), ExportOptions.DEFAULTS));
        assertRefused(
                "lie within each other",
                () -> run(folder.resolve("export"), ExportOptions.DEFAULTS));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        new ExportOptions(
                                ExportOptions.Format.KOHYA,
                                Selection.ALL,
                                CaptionPolicy.AS_LISTED,
                                0,
                                1,
                                false));
    }

    private static void assertRefused(String words, Executable run) {
        Exception e = assertThrows(UserException.class, run);
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }
}
