package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.jerolba.carpet.CarpetWriter;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.TextEncoding;
import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelKindsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path temp;

    private ImportReport run(Map<String, byte[]> files) throws IOException {
        return run(files, ImportOptions.DEFAULTS);
    }

    private ImportReport run(Map<String, byte[]> files, ImportOptions options) throws IOException {
        Path source = Made.folder(temp.resolve("in"), files);
        return CollectionImport.run(source, temp.resolve("out"), options, (done, skipped) -> {});
    }

    private static ImportOptions options(String style, TextSettings texts) {
        return new ImportOptions(
                ImportOptions.AUTO,
                ImportOptions.OnError.SKIP,
                style,
                null,
                null,
                true,
                ImportOptions.DEFAULT_MAX_PIXELS,
                1,
                texts);
    }

    private List<StyleItem> items() {
        return Made.items(temp.resolve("out"));
    }

    private Map<String, Labels> bySource() {
        Map<String, Labels> labels = new TreeMap<>();
        for (StyleItem item : items()) {
            String source = item.source();
            labels.put(source.substring(source.lastIndexOf('/') + 1), item.labels());
        }
        return labels;
    }

    @Test
    void captionsOfOtherEncodingsAreReadOrNamed() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("1_ink/a.png", Made.png(1));
        files.put("1_ink/a.txt", "海の上の大きな波と小さな舟".getBytes(Charset.forName("windows-31j")));
        files.put("1_ink/b.png", Made.png(2));
        files.put("1_ink/b.txt", "\uFEFFa boat".getBytes(StandardCharsets.UTF_16LE));
        files.put("1_ink/c.png", Made.png(3));
        files.put("1_ink/c.txt", "浮世絵".getBytes(Charset.forName("GB18030")));
        ImportReport report = run(files);
        assertEquals(1, report.skipped());
        assertTrue(report.problems().get(0).reason().contains("c.txt is in no encoding that can"));
        assertEquals("海の上の大きな波と小さな舟", bySource().get("a.png").caption());
        assertEquals("a boat", bySource().get("b.png").caption());
        TextSettings stated =
                new TextSettings(
                        TextEncoding.of(Charset.forName("GB18030")), TextSettings.CAPTIONS);
        assertEquals(0, run(Map.of(), options("x", stated)).skipped());
        assertEquals("浮世絵", bySource().get("c.png").caption());
    }

    /** Linux keeps both names; each picture has the caption of its own, else the only one there. */
    @Test
    void namesThatDifferInHowAccentsAreComposedHaveCaptionsOfTheirOwn() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("1_ink/caf\u00E9.png", Made.png(1));
        files.put("1_ink/caf\u00E9.txt", "composed".getBytes(StandardCharsets.UTF_8));
        files.put("1_ink/cafe\u0301.png", Made.png(2));
        files.put("1_ink/cafe\u0301.txt", "decomposed".getBytes(StandardCharsets.UTF_8));
        files.put("1_ink/e\u0301te\u0301.png", Made.png(3));
        files.put("1_ink/\u00E9t\u00E9.txt", "summer".getBytes(StandardCharsets.UTF_8));
        assertEquals(0, run(files).skipped());
        assertEquals("composed", bySource().get("caf\u00E9.png").caption());
        assertEquals("decomposed", bySource().get("cafe\u0301.png").caption());
        assertEquals("summer", bySource().get("e\u0301te\u0301.png").caption());
    }

    /** Five characters in ten bytes could be anything; twelve such captions could not. */
    @Test
    void shortCaptionsTellTheirEncodingTogether() throws IOException {
        String[] texts = {
            "富士山", "樱花树下的女孩", "古代城市", "山水画", "水墨风格", "夜晚的街道",
            "蓝色的天空", "油画", "老人肖像", "春天的花园", "雪中的寺庙", "红色的船"
        };
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < texts.length; i++) {
            files.put("1_ink/" + i + ".png", Made.png(i));
            files.put("1_ink/" + i + ".txt", texts[i].getBytes(Charset.forName("GB18030")));
        }
        assertEquals(0, run(files).skipped());
        for (int i = 0; i < texts.length; i++) {
            assertEquals(texts[i], bySource().get(i + ".png").caption());
        }
    }

    @Test
    void whichCaptionCountsIsSaidAndCanBeChosen() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("ink/a.png", Made.png(1));
        files.put("ink/a.txt", Made.text("from the text\nin two lines"));
        files.put("ink/a.CAPTION", Made.text("from the caption"));
        files.put("ink/b.png", Made.png(2));
        files.put("ink/b.png.txt", Made.text(""));
        ImportReport report = run(files);
        assertEquals("from the text in two lines", bySource().get("a.png").caption());
        String notes = String.join("; ", report.notes());
        assertTrue(notes.contains("1 pictures have two captions; that in the .txt is"), notes);
        assertTrue(notes.contains("1 captions have several lines"), notes);
        assertTrue(notes.contains("1 captions are empty"), notes);
        Path other = temp.resolve("other");
        CollectionImport.run(
                temp.resolve("in"),
                other,
                options("x", TextSettings.DEFAULTS.preferring(".caption")),
                (done, skipped) -> {});
        assertEquals("from the caption", Made.items(other).get(0).text());
    }

    /** The default layout of img2dataset: numbered folders, three files each. */
    @Test
    void shardsOfImg2datasetAreNoStyles() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("00000/000000000.jpg", Made.jpg(1));
        files.put("00000/000000000.txt", Made.text("a boat"));
        files.put("00000/000000000.json", Made.text("{\"caption\": \"?\", \"style\": \"Rococo\"}"));
        files.put("00000/000000001.jpg", Made.jpg(2));
        files.put("00000/000000001.json", Made.text("{\"caption\": \"a cat\", \"url\": null}"));
        files.put("00000.parquet", Made.text("table"));
        files.put("00000_stats.json", Made.text("{}"));
        ImportReport report = run(files, options("ink", TextSettings.DEFAULTS));
        assertEquals(0, report.skipped(), report.toString());
        assertEquals(List.of("rococo"), bySource().get("000000000.jpg").styles());
        assertEquals("a boat", bySource().get("000000000.jpg").caption());
        assertEquals(List.of("ink"), bySource().get("000000001.jpg").styles());
        assertEquals("a cat", bySource().get("000000001.jpg").caption());
        assertEquals(2, report.aside());
    }

    @Test
    void listsOfCaptionsLabelPictures() throws IOException {
        String coco =
                """
                {"info": {"caption": "no"}, "images": [{"id": 7, "file_name": "a.jpg"}],
                 "annotations": [{"image_id": 7, "id": 1, "caption": "a boat"},
                                 {"image_id": 7, "id": 2, "caption": "a ship"}]}
                """;
        String kohya =
                """
                {"C:\\\\train\\\\b.jpg": {"caption": "a tree", "tags": "green"},
                 "/there/gone.jpg": {"caption": "?"}}
                """;
        Map<String, byte[]> files = new TreeMap<>();
        files.put("val2017/a.jpg", Made.jpg(1));
        files.put("ink/b.jpg", Made.jpg(2));
        files.put("annotations/captions_val2017.json", Made.text(coco));
        files.put("meta_cap.json", Made.text(kohya));
        files.put("else.json", Made.text("{\"x\": [1, 2]}"));
        ImportReport report = run(files, options("photo", TextSettings.DEFAULTS));
        assertEquals("a boat", bySource().get("a.jpg").caption());
        assertEquals("validation", bySource().get("a.jpg").split());
        assertEquals(List.of("photo"), bySource().get("a.jpg").styles());
        assertEquals("a tree, green", bySource().get("b.jpg").caption());
        assertEquals(1, report.skipped());
        assertTrue(report.problems().get(0).toString().contains("else.json: labels no picture"));
        assertTrue(report.notes().get(0).contains("labels 1 pictures that are not there"));
    }

    @Test
    void listsLabelWhateverTheirOrderAndForm() throws IOException {
        String coco =
                """
                {"annotations": [{"image_id": 7, "caption": "a boat"},
                                 {"image_id": 7, "caption": "a ship"}, {"image_id": 9}],
                 "images": [{"id": 7, "file_name": "a.jpg", "score": NaN}]}
                """;
        Map<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            files.put("ink/" + (char) ('a' + i) + ".jpg", Made.jpg(i));
        }
        files.put("coco.json", Made.text(coco));
        files.put("kohya.json", Made.text("{\"b\": {\"tags\": \"1girl, solo\"}}"));
        files.put(
                "list.json",
                Made.text(
                        "[{\"image\": \"c.jpg\", \"caption\": \"C\"}, null, 7,"
                                + " {\"image\": \"d.jpg\", \"caption\": \"D\"}]"));
        files.put(
                "inner.json",
                Made.text("{\"data\": [{\"file_name\": \"e.jpg\", \"text\": \"E\"}]}"));
        files.put(
                "map.json",
                Made.text("{\"v\": \"1\", \"f.jpg\": \"F\", \"g.jpg\": [\"G\", \"-\"]}"));
        files.put("captions.jsonl", Made.text("{\"file\": \"h.jpg\", \"text\": \"H\"}\n"));
        files.put("captions.csv", Made.text("image,caption\ni.jpg,\"I, i\"\n"));
        files.put("prices.csv", Made.text("year,price\n1900,7\n"));
        ImportReport report = run(files, options("photo", TextSettings.DEFAULTS));
        Map<String, Labels> found = bySource();
        List<String> captions =
                List.of("a boat", "1girl, solo", "C", "D", "E", "F", "G", "H", "I, i");
        for (int i = 0; i < captions.size(); i++) {
            assertEquals(captions.get(i), found.get((char) ('a' + i) + ".jpg").caption());
        }
        assertEquals(1, report.skipped(), report.toString());
        assertTrue(report.problems().get(0).toString().contains("prices.csv"), report.toString());
    }

    @Test
    void numbersThatAreNoneAreReadAsPythonWritesThem() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("ink/a.png", Made.png(1));
        files.put("ink/a.json", Made.text("{\"similarity\": NaN, \"caption\": \"a boat\"}"));
        ImportReport report = run(files, options("ink", TextSettings.DEFAULTS));
        assertEquals(0, report.skipped(), report.toString());
        assertEquals("a boat", bySource().get("a.png").caption());
    }

    @Test
    void keysOfAnyUsualNameAreTaken() throws IOException {
        JsonNode row =
                JSON.readTree(
                        """
                        {"Captions": ["", "one", "two"], "STYLES": ["Pop_Art", "Cubism"],
                         "Artist": "Monet", "title": "Boats", "subset": "val", "License": "CC0"}
                        """);
        Labels labels = RowLabels.of(row);
        assertEquals("one", labels.caption());
        assertEquals(List.of("pop art", "cubism"), labels.styles());
        assertEquals("Monet", labels.artist());
        assertEquals("Boats", labels.content());
        assertEquals("validation", labels.split());
        ObjectNode table = JSON.createObjectNode().put("styles", "['Pop Art', \"Cubism\"]");
        assertEquals(List.of("pop art", "cubism"), RowLabels.of(table).styles());
        assertEquals("a.png", RowLabels.file(JSON.createObjectNode().put("Image", "a.png")));
        assertEquals(
                "a.png", RowLabels.file(JSON.createObjectNode().put("left_file_name", "a.png")));
    }

    @Test
    void tablesMayBePartedByOtherSigns() throws IOException {
        String semicolons = "\uFEFFFile_Name;Text;Style\nsub\\a.png;\"a boat;\nat sea\";Fauvism\n";
        String tabs = "image\tcaption\tstyle\nb.png\tcafé\tCubism\nb.png\tagain\tCubism\n";
        ImportReport report =
                run(
                        Map.of(
                                "x/metadata.csv", Made.text(semicolons),
                                "x/sub/a.png", Made.png(1),
                                "y/metadata.tsv", tabs.getBytes(Charset.forName("windows-1252")),
                                "y/b.png", Made.png(2)));
        assertEquals(0, report.skipped(), report.toString());
        assertEquals("a boat; at sea", bySource().get("a.png").caption());
        assertEquals("café", bySource().get("b.png").caption());
        assertTrue(report.notes().get(0).startsWith("1 lines list a picture that an earlier"));
    }

    @Test
    void kagglesListOfWikiArtGivesSplitsAndFurtherStyles() throws IOException {
        String list =
                """
                filename,artist,genre,description,phash,width,height,genre_count,subset
                Impressionism/claude-monet_boats.jpg,claude monet,"['Impressionism', 'Realism']",boats,f,1,1,2,test
                """;
        ImportReport report =
                run(
                        Map.of(
                                "Impressionism/claude-monet_boats.jpg", Made.jpg(1),
                                "classes.csv", Made.text(list)));
        assertEquals("wikiart", report.format());
        assertEquals(0, report.skipped(), report.toString());
        assertEquals(List.of("impressionism", "realism"), items().get(0).labels().styles());
        assertEquals("test", items().get(0).labels().split());
    }

    /** A row of a metadata table. */
    public record Row(String file_name, List<String> captions, List<String> styles) {}

    /** A row of an img2dataset table. */
    public record Shard(Binary jpg, String key, String caption, String style) {}

    private static <T> byte[] parquet(Class<T> type, List<T> rows) throws IOException {
        Path file = Files.createTempFile("rows", ".parquet");
        try (OutputStream out = Files.newOutputStream(file);
                CarpetWriter<T> writer = new CarpetWriter.Builder<>(out, type).build()) {
            writer.write(rows);
        }
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        return bytes;
    }

    @Test
    void metadataMayBeParquet() throws IOException {
        byte[] table =
                parquet(
                        Row.class,
                        List.of(
                                new Row("a.png", List.of("a boat", "a ship"), List.of("x", "y")),
                                new Row("gone.png", List.of(), List.of())));
        ImportReport report = run(Map.of("metadata.parquet", table, "a.png", Made.png(1)));
        assertEquals("imagefolder", report.format());
        assertEquals("a boat", items().get(0).text());
        assertEquals(List.of("x", "y"), items().get(0).labels().styles());
        assertTrue(
                report.problems()
                        .get(0)
                        .toString()
                        .endsWith("row 1: there is no picture gone.png"));
    }

    @Test
    void picturesInParquetMayHaveOtherColumns() throws IOException {
        Binary picture = Binary.fromConstantByteArray(Made.jpg(1));
        byte[] shard = parquet(Shard.class, List.of(new Shard(picture, "0", "a boat", "ink")));
        byte[] table = parquet(Row.class, List.of(new Row("a", List.of(), List.of())));
        ImportReport report = run(Map.of("0.parquet", shard, "1.parquet", table));
        assertEquals("a boat", items().get(0).text());
        assertTrue(
                report.problems().get(0).reason().startsWith("has no column with the bytes of"),
                report.toString());
    }

    /** Made by datasets 5.2 from an export of this program; see docs/reference/huggingface.py. */
    @Test
    void whatHuggingFaceMakesOfAnExportComesBackWhole() throws IOException {
        Path source = Files.createDirectories(temp.resolve("in/data"));
        for (String part : List.of("train", "validation", "test")) {
            String name = part + "-00000-of-00001.parquet";
            try (InputStream in = getClass().getResourceAsStream("huggingface/" + name)) {
                Files.copy(in, source.resolve(name));
            }
        }
        run(Map.of());
        Map<String, Labels> expected = new TreeMap<>();
        Path list = Files.createDirectories(temp.resolve("expected")).resolve("metadata.jsonl");
        try (InputStream in = getClass().getResourceAsStream("huggingface/expected.jsonl")) {
            Files.copy(in, list);
        }
        Made.items(list.getParent()).forEach(item -> expected.put(item.sha256(), item.labels()));
        Map<String, Labels> found = new TreeMap<>();
        items().forEach(item -> found.put(item.sha256(), item.labels()));
        assertEquals(4, expected.size());
        assertEquals(expected, found);
    }

    /** Forms that the json field of the webdataset library may hold. */
    @Test
    void captionsMayBeTheWholeOfASamplesJson() throws IOException {
        Map<String, String> json = new LinkedHashMap<>();
        json.put("0", "\"a cat\"");
        json.put("1", "[\"a dog\", \"a hound\"]");
        json.put("2", "[{\"caption\": \"a cow\"}, {\"caption\": \"an ox\"}]");
        json.put("3", "{\"caption\": {\"text\": \"a hen\", \"source\": \"web\"}}");
        json.put("4", "[[1, 2], [3, 4]]");
        json.put("5", "7");
        json.put("6", "[]");
        Map<String, byte[]> files = new LinkedHashMap<>();
        json.forEach(
                (name, text) -> {
                    files.put(name + ".png", Made.png(Integer.parseInt(name)));
                    files.put(name + ".json", Made.text(text));
                });
        Path tar = Made.tar(temp.resolve("0.tar"), files);
        ImportOptions options = options("ink", TextSettings.DEFAULTS);
        ImportReport report =
                CollectionImport.run(tar, temp.resolve("out"), options, (done, skipped) -> {});
        List<String> captions = new ArrayList<>();
        items().forEach(item -> captions.add(String.valueOf(item.labels().caption())));
        String none = "a picture, in the style of ink";
        assertEquals(List.of("a cat", "a dog", "a cow", "a hen", none, none, none), captions);
        String notes = String.join("; ", report.notes());
        assertTrue(notes.contains("2 pictures have labels that say in no known way"), notes);
        assertTrue(notes.contains("the first " + tar + ":4.json"), notes);
    }

    /** Structs as COCO's tables have them. */
    public record Sentences(List<String> raw, Long sentid) {}

    /** A text among other fields. */
    public record Described(String text, Long score) {}

    /** Two texts, of which none is called a caption. */
    public record Unclear(String left, String right) {}

    /** A row of captions in structs. */
    public record Structs(
            Binary jpg, String style, Sentences sentences, List<Described> captions, Unclear raw) {}

    @Test
    void captionsMayLieInStructsOfParquet() throws IOException {
        List<Structs> rows = new ArrayList<>();
        List<Described> listed = List.of(new Described("a ship", 1L), new Described("-", 2L));
        Sentences sentences = new Sentences(List.of("a boat", "a bark"), 3L);
        for (int i = 0; i < 3; i++) {
            rows.add(
                    new Structs(
                            Binary.fromConstantByteArray(Made.jpg(i)),
                            "ink",
                            i == 0 ? sentences : null,
                            i == 1 ? listed : null,
                            new Unclear("?", "!")));
        }
        ImportReport report = run(Map.of("0.parquet", parquet(Structs.class, rows)));
        List<String> captions = new ArrayList<>();
        items().forEach(item -> captions.add(String.valueOf(item.labels().caption())));
        assertEquals(List.of("a boat", "a ship", "a picture, in the style of ink"), captions);
        String notes = String.join("; ", report.notes());
        assertTrue(notes.contains("1 pictures have labels that say in no known way"), notes);
        assertTrue(notes.contains("0.parquet row 2"), notes);
    }

    @Test
    void foldersOfArrowFilesAreNamedAsWhatTheyAre() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("data-00000-of-00001.arrow", Made.text("ARROW1"));
        files.put("state.json", Made.text("{}"));
        UserException e = assertThrows(UserException.class, () -> run(files));
        assertTrue(e.getMessage().contains("save_to_disk, which are not read; in Python"));
    }
}
