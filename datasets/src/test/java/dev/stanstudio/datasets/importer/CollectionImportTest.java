package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.CollectionWriter;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionImportTest {
    @TempDir private Path temp;

    private Path many(int count) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            files.put("style " + i % 3 + "/red boat " + i + ".png", Made.png(i));
        }
        files.put("style 2/again.png", Made.png(0));
        return Made.folder(temp.resolve("in"), files);
    }

    @Test
    void aLineSaysEverythingAboutAPicture() throws IOException {
        Path source =
                Made.folder(temp.resolve("in"), Map.of("train/Pop_Art/Red boat.png", Made.png(1)));
        Made.run(source, temp.resolve("out"));
        JsonNode line =
                new ObjectMapper()
                        .readTree(
                                Files.readString(
                                        temp.resolve("out").resolve(StyleCollection.METADATA)));
        Path file = temp.resolve("out").resolve(line.path("file_name").asText());
        assertEquals(Made.png(1).length, Files.size(file));
        assertEquals("Red boat, in the style of pop art", line.path("text").asText());
        assertEquals("Red boat", line.path("content").asText());
        assertEquals("pop art", line.path("style").asText());
        assertEquals("[\"pop art\"]", line.path("styles").toString());
        assertEquals(24, line.path("width").asInt());
        assertEquals(16, line.path("height").asInt());
        assertEquals("train", line.path("split").asText());
        assertTrue(line.path("sha256").asText().matches("[0-9a-f]{64}"));
        assertTrue(line.path("source").asText().endsWith("in/train/Pop_Art/Red boat.png"));
        for (String absent : List.of("artist", "genre", "licence")) {
            assertTrue(line.has(absent) && line.path(absent).isNull(), absent);
        }
    }

    @Test
    void runningAgainChangesNothing() throws IOException {
        Path source = many(12);
        Path out = temp.resolve("out");
        ImportReport first = Made.run(source, out);
        assertEquals(12, first.imported());
        assertEquals(1, first.alreadyThere());
        assertEquals(1, first.stylesAdded());
        Map<String, String> before = Made.snapshot(out);
        ImportReport second = Made.run(source, out);
        assertEquals(0, second.imported());
        assertEquals(13, second.alreadyThere());
        assertEquals(0, second.stylesAdded());
        assertEquals(before, Made.snapshot(out));
    }

    /** A killed process leaves a prefix of the journal, maybe half a line, and stray files. */
    @Test
    void anImportKilledAnywhereEndsWithTheSameBytes() throws IOException {
        Path source = many(12);
        Path whole = temp.resolve("whole");
        Made.run(source, whole);
        Map<String, String> expected = Made.snapshot(whole);
        for (int pictures = 0; pictures <= 12; pictures++) {
            Path out = temp.resolve("killed-" + pictures);
            interruptAfter(source, out, pictures);
            Path journal = out.resolve(".metadata.jsonl.part");
            Files.writeString(journal, "{\"file_name\": \"half", StandardOpenOption.APPEND);
            Files.writeString(out.resolve(".staging/99.part"), "half a picture");
            assertFalse(Files.exists(out.resolve(StyleCollection.METADATA)));
            Made.run(source, out);
            assertEquals(expected, Made.snapshot(out), "after " + pictures);
        }
    }

    private static void interruptAfter(Path source, Path out, int pictures) {
        assertThrows(
                CancellationException.class,
                () ->
                        CollectionImport.run(
                                source,
                                out,
                                ImportOptions.DEFAULTS,
                                (done, skipped) -> {
                                    if (done >= pictures) {
                                        throw new CancellationException("as a kill would");
                                    }
                                }));
    }

    @Test
    void anUnfinishedCollectionIsNotReadAsAWholeOne() throws IOException {
        Path out = temp.resolve("out");
        interruptAfter(many(6), out, 3);
        UserException refusal = assertThrows(UserException.class, () -> StyleCollection.open(out));
        assertTrue(refusal.getMessage().contains("unfinished import"), refusal.getMessage());
    }

    @Test
    void theNumberOfThreadsDoesNotShow() throws IOException {
        Path source = many(30);
        Made.run(source, temp.resolve("one"));
        CollectionImport.run(source, temp.resolve("two"), Made.stop(), (done, skipped) -> {});
        assertEquals(Made.snapshot(temp.resolve("one")), Made.snapshot(temp.resolve("two")));
    }

    /** A kill or a full disk while the list is copied leaves part of the copy. */
    @Test
    void anAdditionStoppedAtItsStartLosesNothingOfTheList() throws IOException {
        Path out = temp.resolve("out");
        Made.run(many(12), out);
        Path b = Made.folder(temp.resolve("b"), Map.of("fauvism/y.png", Made.png(99)));
        Path copy = out.resolve(".staging").resolve(StyleCollection.JOURNAL);
        Files.createDirectories(copy.resolve("in the way"));
        assertThrows(UserException.class, () -> Made.run(b, out));
        assertEquals(12, Made.items(out).size());
        Files.delete(copy.resolve("in the way"));
        Files.delete(copy);
        Files.writeString(copy, "{\"file_name\": \"half");
        assertEquals(13, Made.run(b, out).total());
        assertEquals(13, Made.items(out).size());
    }

    @Test
    void aSecondSourceIsAdded() throws IOException {
        Path out = temp.resolve("out");
        Made.run(Made.folder(temp.resolve("a"), Map.of("cubism/x.png", Made.png(1))), out);
        Path b =
                Made.folder(
                        temp.resolve("b"),
                        Map.of("fauvism/x.png", Made.png(1), "fauvism/y.png", Made.png(2)));
        assertEquals(2, Made.run(b, out).total());
        List<StyleItem> items = Made.items(out);
        assertEquals(List.of("cubism", "fauvism"), items.get(0).labels().styles());
        assertEquals(List.of("fauvism"), items.get(1).labels().styles());
    }

    @Test
    void equalNamesStayApart() throws IOException {
        Path source =
                Made.folder(
                        temp.resolve("in"),
                        Map.of("cubism/a.png", Made.png(1), "fauvism/a.png", Made.png(2)));
        Made.run(source, temp.resolve("out"));
        List<StyleItem> items = Made.items(temp.resolve("out"));
        assertEquals(2, items.stream().map(StyleItem::fileName).distinct().count());
    }

    @Test
    void damagedPicturesAreNamedAndSkipped() throws IOException {
        byte[] whole = Made.png(2);
        byte[] flipped = whole.clone();
        Arrays.fill(flipped, 60, 80, (byte) 0);
        Path source =
                Made.folder(
                        temp.resolve("in"),
                        Map.of(
                                "s/empty.png", new byte[0],
                                "s/good.png", Made.png(1),
                                "s/html.jpg", Made.text("<html>not found</html>"),
                                "s/short.png", Arrays.copyOf(whole, whole.length - 30),
                                "s/torn.jpg", Arrays.copyOf(Made.jpg(3), Made.jpg(3).length / 2),
                                "s/wrong.png", flipped));
        ImportReport report = Made.run(source, temp.resolve("out"));
        assertEquals(1, report.imported());
        assertEquals(5, report.skipped());
        List<String> reasons = report.problems().stream().map(Problem::toString).toList();
        assertTrue(reasons.get(0).endsWith("in/s/empty.png: is empty"), reasons.toString());
        assertTrue(reasons.get(1).contains("html.jpg: is a web page, which"), reasons.toString());
        for (String reason : reasons) {
            assertFalse(reason.contains(".staging"), reason);
            assertEquals(1, reason.lines().count());
        }
    }

    @Test
    void damageStopsTheImportWhenAskedAndItGoesOnAfterwards() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("s/a.png", Made.png(1));
        files.put("s/b.png", Made.text("no picture"));
        files.put("s/c.png", Made.png(3));
        Path source = Made.folder(temp.resolve("in"), files);
        Path out = temp.resolve("out");
        UserException refusal =
                assertThrows(
                        UserException.class,
                        () -> CollectionImport.run(source, out, Made.stop(), (a, b) -> {}));
        assertTrue(refusal.getMessage().contains("in/s/b.png: is not a PNG"), refusal.toString());
        assertTrue(refusal.getMessage().contains("--on-error skip"), refusal.toString());
        Files.write(source.resolve("s/b.png"), Made.png(2));
        assertEquals(3, Made.run(source, out).total());
    }

    /** A PNG of a few bytes may claim any size; its header is enough to refuse it. */
    @Test
    void aDecompressionBombIsRefusedByItsHeader() throws IOException {
        byte[] bomb = Made.png(1);
        bomb[17] = 0x01;
        bomb[21] = 0x01;
        sealHeader(bomb);
        Path source =
                Made.folder(temp.resolve("in"), Map.of("s/a.png", bomb, "s/b.png", Made.png(2)));
        ImportReport report = Made.run(source, temp.resolve("out"));
        String reason = report.problems().get(0).toString();
        assertTrue(reason.contains("a.png: 65560x65552 pixels are more than the limit"), reason);
        assertEquals(1, report.imported());
    }

    @Test
    void aPictureLargerThanMemoryIsRefusedBeforeItIsDecoded() {
        PictureCheck check = new PictureCheck(true, Long.MAX_VALUE, 1 << 20);
        UserException refusal =
                assertThrows(
                        UserException.class,
                        () -> check.check(Files.write(temp.resolve("x.png"), wide())));
        assertTrue(refusal.getMessage().contains("MiB to decode, 1 are there"));
    }

    private static byte[] wide() {
        byte[] png = Made.png(1);
        png[18] = 0x40;
        png[22] = 0x40;
        sealHeader(png);
        return png;
    }

    /** Writes the checksum of the header, without which it counts as damaged. */
    private static void sealHeader(byte[] png) {
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    }

    @Test
    void picturesWithoutAStyleNeedOne() throws IOException {
        Path source = Made.folder(temp.resolve("in"), Map.of("a.png", Made.png(1)));
        UserException refusal =
                assertThrows(UserException.class, () -> Made.run(source, temp.resolve("out")));
        assertTrue(refusal.getMessage().contains("a.png: has no style; give one with --style"));
        ImportOptions named =
                new ImportOptions(
                        "auto", ImportOptions.OnError.SKIP, "Cubism", "CC0", null, false, 99, 1);
        UserException tooLarge =
                assertThrows(
                        UserException.class,
                        () ->
                                CollectionImport.run(
                                        source, temp.resolve("out2"), named, (a, b) -> {}));
        assertTrue(tooLarge.getMessage().contains("24x16 pixels are more than the limit of 99"));
        ImportOptions larger =
                new ImportOptions(
                        "auto", ImportOptions.OnError.SKIP, "Cubism", "CC0", null, false, 999, 1);
        CollectionImport.run(source, temp.resolve("out"), larger, (a, b) -> {});
        StyleItem item = Made.items(temp.resolve("out")).get(0);
        assertEquals("a picture, in the style of cubism", item.text());
        assertEquals("CC0", item.labels().licence());
    }

    @Test
    void linksInCirclesAndToNothingAreNamed() throws IOException {
        Path source = Made.folder(temp.resolve("in"), Map.of("s/a.png", Made.png(1)));
        Files.createSymbolicLink(source.resolve("s/loop"), source);
        Files.createSymbolicLink(source.resolve("s/gone.png"), temp.resolve("nothing"));
        ImportReport report = Made.run(source, temp.resolve("out"));
        assertEquals(1, report.imported());
        String problems = report.problems().toString();
        assertTrue(problems.contains("s/loop: a link to a folder above it"), problems);
        assertTrue(problems.contains("s/gone.png: "), problems);
    }

    @Test
    void aFolderWithoutPermissionIsNamed() throws IOException {
        Path source =
                Made.folder(
                        temp.resolve("in"),
                        Map.of("s/a.png", Made.png(1), "closed/b.png", Made.png(2)));
        Path closed = source.resolve("closed");
        Files.setPosixFilePermissions(closed, Set.of());
        try {
            if (Files.isReadable(closed)) {
                String reason = "skipped: this user may read every folder, so none is unreadable";
                System.out.println(reason);
                abort(reason);
            }
            ImportReport report = Made.run(source, temp.resolve("out"));
            assertEquals(1, report.imported());
            assertTrue(
                    report.problems()
                            .get(0)
                            .toString()
                            .endsWith("closed: no permission to read it"));
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void anInterruptedImportIsNoDamagedPicture() throws IOException {
        Path source = many(6);
        Path out = temp.resolve("out");
        CollectionImport.Progress interrupt = (done, skipped) -> Thread.currentThread().interrupt();
        RuntimeException e =
                assertThrows(
                        RuntimeException.class,
                        () -> CollectionImport.run(source, out, Made.stop(), interrupt));
        assertTrue(Thread.interrupted(), "the flag stays for the caller");
        assertTrue(
                e instanceof CancellationException
                        || e.getCause() instanceof ClosedByInterruptException,
                e.toString());
        assertEquals(6, Made.run(source, out).total());
    }

    @Test
    void foldersThatCannotWorkAreRefused() throws IOException {
        Path source = Made.folder(temp.resolve("in"), Map.of("s/a.png", Made.png(1)));
        assertRefused(source, source.resolve("out"), "lie within each other");
        assertRefused(temp.resolve("none"), temp.resolve("out"), "there is no file or folder");
        assertRefused(source, Files.createFile(temp.resolve("file")), "is a file");
        Path used = Made.folder(temp.resolve("used"), Map.of("mine.txt", Made.text("!")));
        assertRefused(source, used, "holds other files");
        Path empty = Files.createDirectory(temp.resolve("empty"));
        assertRefused(empty, temp.resolve("out3"), "holds no pictures");
        Path text = Files.writeString(temp.resolve("a.txt"), "!");
        assertRefused(text, temp.resolve("out4"), "is no folder and no .zip");
        try (CollectionWriter open = CollectionWriter.open(temp.resolve("busy"))) {
            assertEquals(0, open.size());
            assertRefused(source, temp.resolve("busy"), "another import is writing");
        }
    }

    private static void assertRefused(Path source, Path out, String words) {
        UserException e = assertThrows(UserException.class, () -> Made.run(source, out));
        assertTrue(e.getMessage().contains(words), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void aDamagedListIsNamedByLine() throws IOException {
        Path out = temp.resolve("out");
        Made.run(many(2), out);
        Files.writeString(
                out.resolve(StyleCollection.METADATA),
                "{\"file_name\":\"../x.png\",\"style\":\"s\",\"sha256\":\""
                        + "0".repeat(64)
                        + "\",\"width\":1,\"height\":1}\n",
                StandardOpenOption.APPEND);
        UserException e = assertThrows(UserException.class, () -> Made.items(out));
        assertTrue(e.getMessage().contains("metadata.jsonl line 3 file_name \"../x.png\" leaves"));
    }
}
