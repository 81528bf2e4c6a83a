package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLayoutsTest {
    @TempDir private Path temp;

    private ImportReport run(Map<String, byte[]> files) throws IOException {
        return Made.run(Made.folder(temp.resolve("in"), files), temp.resolve("out"));
    }

    private List<StyleItem> items() {
        return Made.items(temp.resolve("out"));
    }

    @Test
    void stylesAreFoldersAndSplitsMayStandAbove() throws IOException {
        ImportReport report =
                run(
                        Map.of(
                                "train/Ukiyo_e/wave.png", Made.png(1),
                                "train/Ukiyo_e/wave.txt", Made.text("a great wave, ukiyo-e\n"),
                                "val/rococo/deep/IMG_0123.jpg", Made.jpg(2),
                                "__MACOSX/rococo/._x.png", Made.text("clutter")));
        assertEquals("folders", report.format());
        assertEquals(0, report.skipped());
        StyleItem wave = items().get(0);
        assertEquals(List.of("ukiyo e"), wave.labels().styles());
        assertEquals("a great wave, ukiyo-e", wave.text());
        assertEquals("train", wave.labels().split());
        StyleItem second = items().get(1);
        assertEquals(List.of("rococo"), second.labels().styles());
        assertEquals("validation", second.labels().split());
        assertNull(second.labels().content(), "a camera's file name is no content");
        assertEquals("a picture, in the style of rococo", second.text());
    }

    @Test
    void theSharedFolderOfAnArchiveIsNoStyle() throws IOException {
        Path zip =
                Made.zip(
                        temp.resolve("in.zip"),
                        Map.of(
                                "data/cubism/guitar.png", Made.png(1),
                                "data/fauvism/tree.png", Made.png(2)));
        Made.run(zip, temp.resolve("out"));
        assertEquals(List.of("cubism"), items().get(0).labels().styles());
        assertTrue(items().get(0).source().endsWith("in.zip:data/cubism/guitar.png"));
    }

    @Test
    void kohyaFoldersNameClassAndCaption() throws IOException {
        ImportReport report =
                run(
                        Map.of(
                                "10_ink wash/a.png", Made.png(1),
                                "10_ink wash/a.txt", Made.text("two herons, ink wash"),
                                "2_oil/b.png", Made.png(2),
                                "notes/c.png", Made.png(3),
                                "notes/d.png", Made.png(4)));
        assertEquals("kohya", report.format());
        assertEquals(2, report.imported());
        assertEquals(2, report.skipped(), "each picture that is lost is counted");
        assertTrue(report.problems().get(0).reason().contains("\"notes\" is not named REPEATS"));
        assertEquals("two herons, ink wash", items().get(0).text());
        assertEquals("oil", items().get(1).text());
        assertEquals(List.of("ink wash"), items().get(0).labels().styles());
        assertTrue(
                report.notes().get(0).endsWith("train with --repeats \"ink wash=10,oil=2\""),
                report.notes()::toString);
    }

    @Test
    void metadataLinesLabelThePicturesBesideThem() throws IOException {
        String lines =
                """
                {"file_name": "a.png", "text": "a boat", "style": "Fauvism", "license": "CC0"}
                {"file_name": "sub/b.png", "styles": ["Cubism", "Fauvism"], "artist": "Juan Gris"}
                {"file_name": "missing.png", "style": "Cubism"}
                {"file_name": "../../../etc/x.png", "style": "Cubism"}
                {"style": "Cubism"}
                {"file_name": broken
                {"file_name": "a.png", "style": "Cubism"}
                """;
        ImportReport report =
                run(
                        Map.of(
                                "train/metadata.jsonl", Made.text("\uFEFF" + lines),
                                "train/a.png", Made.png(1),
                                "train/sub/b.png", Made.png(2),
                                "train/unlisted.png", Made.png(3)));
        assertEquals("imagefolder", report.format());
        assertEquals(2, report.imported());
        StyleItem a = items().get(0);
        assertEquals(List.of("fauvism", "cubism"), a.labels().styles());
        assertEquals("a boat", a.text());
        assertEquals("CC0", a.labels().licence());
        assertEquals("train", a.labels().split());
        assertEquals("Juan Gris", items().get(1).labels().artist());
        List<String> problems = report.problems().stream().map(Problem::toString).toList();
        assertEquals(5, problems.size(), problems.toString());
        assertTrue(problems.get(0).endsWith("line 3: there is no picture missing.png"));
        assertTrue(problems.get(1).contains("line 4: ../../../etc/x.png leads out"));
        assertTrue(problems.get(2).endsWith("line 5: has no file_name"));
        assertTrue(problems.get(3).contains("line 6: is not JSON"));
        assertTrue(problems.get(4).endsWith("unlisted.png: no metadata file lists it"));
    }

    @Test
    void metadataTablesDoTheSame() throws IOException {
        String table = "\uFEFFfile_name,text,style\nx.png,\"a boat, at sea\",Fauvism\n";
        ImportReport report = run(Map.of("metadata.csv", Made.text(table), "x.png", Made.png(1)));
        assertEquals(0, report.skipped(), report.toString());
        assertEquals("a boat, at sea", items().get(0).text());
    }

    @Test
    void aTableWithoutTheColumnIsRefused() {
        String wrong = "picture,text\nx.png,boat\n";
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> run(Map.of("metadata.csv", Made.text(wrong), "x.png", Made.png(1))));
        assertTrue(
                e.getMessage()
                        .endsWith(
                                "metadata.csv has no column file_name; its columns are picture,"
                                        + " text"),
                e.getMessage());
    }

    @Test
    void aTableWithARaggedRowIsRefused() {
        String ragged = "file_name,text\nx.png,a boat, at sea\n";
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> run(Map.of("metadata.csv", Made.text(ragged), "x.png", Made.png(1))));
        assertTrue(
                e.getMessage().endsWith("metadata.csv line 2 has 3 columns where 2 are expected"),
                e.getMessage());
    }

    @Test
    void aCollectionOfThisProgramIsASourceToo() throws IOException {
        run(Map.of("cubism/a red guitar.png", Made.png(1), "fauvism/b.png", Made.png(1)));
        ImportReport copy = Made.run(temp.resolve("out"), temp.resolve("copy"));
        assertEquals("imagefolder", copy.format());
        StyleItem item = Made.items(temp.resolve("copy")).get(0);
        assertEquals(items().get(0).labels(), item.labels());
    }

    @Test
    void anEmptyStyleIsNamed() throws IOException {
        Files.createDirectories(temp.resolve("in/dada"));
        ImportReport report = run(Map.of("cubism/a.png", Made.png(1)));
        assertEquals(1, report.skipped());
        assertTrue(
                report.problems().get(0).toString().endsWith("in/dada: an empty folder"),
                report.toString());
    }

    /** WikiArt's names: an apostrophe, a second underscore, a number in brackets. */
    @Test
    void oddNamesComeThrough() throws IOException {
        run(
                Map.of(
                        "Rococo/francois-boucher_l'amour_en-cage(3).jpg",
                        Made.jpg(1),
                        "Rococo/nobody_" + "long-".repeat(40) + "title.jpg",
                        Made.jpg(2)));
        StyleItem item = items().get(0);
        assertEquals("francois boucher", item.labels().artist());
        assertEquals("l'amour en cage", item.labels().content());
        assertTrue(items().get(1).fileName().length() < 100);
    }

    @Test
    void aTableWithAnOpenQuoteIsRefused() {
        String open = "file_name,text\nx.png,\"a boat\n";
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> run(Map.of("metadata.csv", Made.text(open), "x.png", Made.png(1))));
        assertTrue(
                e.getMessage().contains("line 2 opens a quotation mark that is never closed"),
                e.getMessage());
    }
}
