package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.jerolba.carpet.CarpetWriter;
import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTest {
    /** The columns of huggan/wikiart. */
    public record Image(Binary bytes, String path) {}

    /** A row of huggan/wikiart. */
    public record Row(Image image, long artist, long genre, long style) {}

    private static final String FEATURES =
            """
            {"info": {"features": {
              "image": {"_type": "Image"},
              "artist": {"names": ["Unknown Artist", "claude-monet"], "_type": "ClassLabel"},
              "genre": {"names": ["still_life", "Unknown Genre"], "_type": "ClassLabel"},
              "style": {"names": ["Pop_Art", "Impressionism"], "_type": "ClassLabel"}}}}
            """;

    @TempDir private Path temp;

    private Path shard(String name, Map<String, String> metadata, Row... rows) throws IOException {
        Path file = Files.createDirectories(temp.resolve("in")).resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                CarpetWriter<Row> writer =
                        new CarpetWriter.Builder<>(out, Row.class)
                                .withExtraMetaData(metadata)
                                .build()) {
            writer.write(Arrays.asList(rows));
        }
        return file;
    }

    private static Image image(int number) {
        return new Image(Binary.fromConstantByteArray(Made.jpg(number)), null);
    }

    private List<StyleItem> items() {
        return Made.items(temp.resolve("out"));
    }

    @Test
    void labelsAreNamedByTheFile() throws IOException {
        shard(
                "train-00000-of-00002.parquet",
                Map.of("huggingface", FEATURES),
                new Row(image(1), 1, 0, 1),
                new Row(new Image(null, "x.jpg"), 1, 0, 1),
                new Row(image(2), 0, 1, 0));
        shard(
                "train-00001-of-00002.parquet",
                Map.of("huggingface", FEATURES),
                new Row(image(3), 0, 0, 7));
        ImportReport report = Made.run(temp.resolve("in"), temp.resolve("out"));
        assertEquals("parquet", report.format());
        assertEquals(2, report.imported());
        assertTrue(
                report.problems()
                        .get(0)
                        .toString()
                        .contains("of-00002.parquet row 1: has no bytes in column image, only"),
                report.toString());
        assertTrue(
                report.problems().get(1).toString().contains("row 0: has no style"),
                "class 7 has no name: " + report);
        StyleItem monet = items().get(0);
        assertEquals(List.of("impressionism"), monet.labels().styles());
        assertEquals("claude monet", monet.labels().artist());
        assertEquals("still life", monet.labels().genre());
        assertEquals("train", monet.labels().split());
        assertNull(items().get(1).labels().artist());
        assertNull(items().get(1).labels().genre());
    }

    @Test
    void numbersWithoutNamesAreThoseOfArtGan() throws IOException {
        Path file = shard("a.parquet", Map.of(), new Row(image(1), 5, 5, 21));
        ImportReport report = Made.run(file, temp.resolve("out"));
        assertEquals(List.of("realism"), items().get(0).labels().styles());
        assertEquals(1, report.notes().size());
        assertTrue(report.notes().get(0).contains("taken for ArtGAN's"));
    }

    @Test
    void aTruncatedShardIsNamedAndTheOthersFollow() throws IOException {
        Path first = shard("a.parquet", Map.of(), new Row(image(1), 0, 0, 1));
        Path second = shard("b.parquet", Map.of(), new Row(image(2), 0, 0, 1));
        Files.write(first, Arrays.copyOf(Files.readAllBytes(first), 300));
        ImportReport report = Made.run(temp.resolve("in"), temp.resolve("out"));
        assertEquals(1, report.imported());
        assertTrue(
                report.problems().get(0).toString().contains("a.parquet: is truncated or no"),
                report.toString());
        Files.write(second, Arrays.copyOf(Files.readAllBytes(second), 300));
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> Made.run(temp.resolve("in"), temp.resolve("none")));
        assertTrue(e.getMessage().contains("gave no picture; the first reason: "), e.toString());
    }
}
