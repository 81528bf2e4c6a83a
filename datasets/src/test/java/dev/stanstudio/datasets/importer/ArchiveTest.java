package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    @TempDir private Path temp;

    private ImportReport run(Path source) {
        return Made.run(source, temp.resolve("out"));
    }

    private List<StyleItem> items() {
        return Made.items(temp.resolve("out"));
    }

    private static Map<String, byte[]> shard(int from, int samples) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = from; i < from + samples; i++) {
            files.put("00" + i + ".jpg", Made.jpg(i));
            files.put("00" + i + ".txt", Made.text("picture " + i));
            files.put("00" + i + ".json", Made.text("{\"style\": \"Cubism\", \"caption\": \"?\"}"));
        }
        return files;
    }

    @Test
    void neighboursWithTheSameNameAreASample() throws IOException {
        Map<String, byte[]> files = shard(10, 2);
        files.put("0099.v2.jpg", Made.jpg(99));
        files.put("0099.style.txt", Made.text("Pop_Art\n"));
        files.put("lonely.txt", Made.text("?"));
        files.put("bad.jpg", Made.jpg(5));
        files.put("bad.json", Made.text("{"));
        ImportReport report = run(Made.tar(temp.resolve("a.tar"), files));
        assertEquals("webdataset", report.format());
        assertEquals(3, report.imported());
        assertEquals("picture 10", items().get(0).text());
        assertEquals(List.of("cubism"), items().get(0).labels().styles());
        assertEquals(List.of("pop art"), items().get(2).labels().styles());
        assertTrue(report.problems().get(0).toString().contains("lonely.txt: its sample has no"));
        assertTrue(report.problems().get(1).toString().contains("bad.jpg: its .json is not JSON"));
    }

    @Test
    void aTruncatedShardGivesWhatItHasAndTheOthersFollow() throws IOException {
        Path shards = Files.createDirectory(temp.resolve("shards"));
        Path first = Made.tar(shards.resolve("s-0.tar"), shard(10, 3));
        Made.tar(shards.resolve("s-1.tar"), shard(20, 2));
        Files.writeString(shards.resolve("s-2.tar"), "<html>404</html>");
        byte[] bytes = Files.readAllBytes(first);
        // Each sample is three members of two blocks or more; this ends within the third picture.
        int third = indexOf(bytes, "0012.jpg");
        Files.write(first, Arrays.copyOf(bytes, third + 600));
        ImportReport report = run(shards);
        assertEquals(4, report.imported());
        assertEquals(2, report.skipped(), report.toString());
        assertTrue(
                report.problems()
                        .get(0)
                        .toString()
                        .contains("s-0.tar: is truncated or damaged after 6 members"),
                report.toString());
        assertTrue(
                report.problems().get(1).toString().contains("s-2.tar: is truncated or no tar"),
                report.toString());
    }

    @Test
    void aTarCutBetweenMembersIsKnownByItsMissingEnd() throws IOException {
        Path tar = Made.tar(temp.resolve("a.tar"), shard(10, 2));
        byte[] bytes = Files.readAllBytes(tar);
        Files.write(tar, Arrays.copyOf(bytes, indexOf(bytes, "0011.jpg")));
        ImportReport report = run(tar);
        assertEquals(1, report.imported());
        assertTrue(
                report.problems().get(0).reason().contains("after 3 members"), report.toString());
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    @Test
    void longNamesComeThroughATar() throws IOException {
        String name = "Baroque/" + "a-very-long-name-".repeat(9) + ".jpg";
        run(Made.tar(temp.resolve("a.tar"), Map.of(name, Made.jpg(1))));
        assertTrue(items().get(0).source().endsWith(name));
        assertTrue(items().get(0).fileName().length() < 100);
    }

    @Test
    void aTruncatedZipIsRefused() throws IOException {
        Path zip = Made.zip(temp.resolve("a.zip"), Map.of("s/a.png", Made.png(1)));
        Files.write(zip, Arrays.copyOf(Files.readAllBytes(zip), 200));
        UserException e = assertThrows(UserException.class, () -> run(zip));
        assertTrue(e.getMessage().contains("a.zip is truncated or no zip archive"), e.toString());
    }

    @Test
    void aMemberThatDoesNotMatchItsChecksumIsNamed() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("s/a.bmp", Made.picture(1, "bmp"));
        files.put("s/b.bmp", Made.picture(2, "bmp"));
        Path zip = Made.zip(temp.resolve("a.zip"), files);
        byte[] bytes = Files.readAllBytes(zip);
        // A pixel, which every decoder would take as it is.
        bytes[indexOf(bytes, "s/a.bmp") + 200]++;
        Files.write(zip, bytes);
        ImportReport report = run(zip);
        assertEquals(1, report.imported());
        assertTrue(
                report.problems().get(0).toString().contains("a.zip:s/a.bmp: is damaged in the"),
                report.toString());
    }

    @Test
    void membersThatLeadOutOfTheArchiveAreNotTouched() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("../evil.png", Made.png(1));
        files.put("s/../../evil.png", Made.png(2));
        files.put("/evil.png", Made.png(3));
        files.put("..\\evil.png", Made.png(4));
        files.put("s/good.png", Made.png(5));
        for (Path archive :
                List.of(
                        Made.zip(temp.resolve("a.zip"), files),
                        Made.tar(temp.resolve("a.tar"), files))) {
            Path out = temp.resolve("out-" + archive.getFileName());
            ImportReport report = Made.run(archive, out);
            assertEquals(1, report.imported(), report.toString());
            assertEquals(4, report.skipped(), report.toString());
            assertTrue(report.problems().get(0).reason().contains("leads out of the archive"));
            assertFalse(Files.exists(temp.resolve("evil.png")));
        }
    }

    @Test
    void anArchiveOfPathsThatLeadOutOfItIsNamedAsThat() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("/home/me/a.png", Made.png(1));
        files.put("../b.png", Made.png(2));
        files.put("readme.txt", Made.text("?"));
        for (Path archive :
                List.of(
                        Made.zip(temp.resolve("out.zip"), files),
                        Made.tar(temp.resolve("out.tar"), files))) {
            UserException e =
                    assertThrows(UserException.class, () -> Made.run(archive, temp.resolve("o")));
            String expected =
                    "%s holds no picture that can be taken; 2 members are refused, the first:"
                            + " %s:/home/me/a.png: its path leads out of the archive";
            assertEquals(expected.formatted(archive, archive), e.getMessage());
        }
    }

    @Test
    void aSecondMemberOfTheSameNameIsNamed() throws IOException {
        Path zip = temp.resolve("a.zip");
        Made.zip(zip, Map.of("s/a.png", Made.png(1), "s/b.png", Made.png(2)));
        byte[] bytes = Files.readAllBytes(zip);
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("s/b.png", "s/a.png");
        Files.write(zip, text.getBytes(StandardCharsets.ISO_8859_1));
        ImportReport report = run(zip);
        assertEquals(1, report.imported());
        assertTrue(report.problems().get(0).toString().endsWith("a second member of this name"));
    }

    @Test
    void movementsInManyZipsAreOneCollection() throws IOException {
        Path zips = Files.createDirectory(temp.resolve("zips"));
        String monet = "painting/image/claude-monet/";
        Made.zip(
                zips.resolve("impressionism.zip"),
                Map.of(monet + "water-lilies-1906(2).jpg", Made.jpg(1)));
        Made.zip(
                zips.resolve("post_impressionism.zip"),
                Map.of(monet + "water-lilies-1906(2).jpg", Made.jpg(1)));
        Made.zip(zips.resolve("meta.zip"), Map.of("painting/meta/x.json", Made.text("{}")));
        ImportReport report = run(zips);
        assertEquals("wikiart-crawler", report.format());
        assertEquals(0, report.skipped(), report.toString());
        assertTrue(report.notes().get(0).contains("meta.zip holds no pictures"));
        StyleItem item = items().get(0);
        assertEquals(List.of("impressionism", "post impressionism"), item.labels().styles());
        assertEquals("claude monet", item.labels().artist());
        assertEquals("water lilies 1906", item.labels().content());
    }

    /** img2dataset leaves a table of the labels beside each tar. */
    @Test
    void tablesBesideShardsAreNoted() throws IOException {
        Path shards = Files.createDirectory(temp.resolve("shards"));
        Made.tar(shards.resolve("00000.tar"), shard(10, 2));
        Files.writeString(shards.resolve("00000.parquet"), "labels");
        ImportReport report = run(shards);
        assertEquals(2, report.imported());
        assertTrue(report.notes().get(0).contains("00000.parquet is left out"), report.toString());
    }
}
