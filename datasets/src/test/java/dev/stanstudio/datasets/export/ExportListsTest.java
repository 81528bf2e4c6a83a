package dev.stanstudio.datasets.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.importer.CollectionImport;
import dev.stanstudio.datasets.importer.ImportOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of an export as other programs read them. */
class ExportListsTest {
    @TempDir private Path temp;

    private StyleCollection collection() throws IOException {
        Path source = Files.createDirectories(temp.resolve("in"));
        for (int i = 1; i <= 2; i++) {
            Picture.of(i, 2, PixelMode.RGB, new byte[i * 6]).writePng(source.resolve(i + ".png"));
        }
        Files.writeString(
                source.resolve("metadata.jsonl"),
                """
                {"file_name": "1.png", "style": "ink", "artist": "Monet", "split": "train"}
                {"file_name": "2.png", "style": "ink", "genre": "portrait", "split": "test"}
                """);
        Path out = temp.resolve("collection");
        CollectionImport.run(source, out, ImportOptions.DEFAULTS, (done, skipped) -> {});
        return StyleCollection.open(out);
    }

    /** Hugging Face's reader wants one type per key over all parts, and null is a type. */
    @Test
    void partsHaveTextsForTheSameKeys() throws IOException {
        Path out = temp.resolve("out");
        CollectionExport.run(collection(), out, ExportOptions.DEFAULTS, (done, skipped) -> {});
        Map<String, String> expected = Map.of("train", "Monet/", "test", "/portrait");
        for (String part : List.of("train", "test")) {
            Path list = out.resolve(part).resolve("metadata.jsonl");
            JsonNode line = new ObjectMapper().readTree(Files.readString(list));
            assertEquals(
                    expected.get(part),
                    line.path("artist").textValue() + "/" + line.path("genre").textValue());
            assertTrue(line.path("licence").isNull(), "no part has one");
            assertEquals(1, StyleCollection.open(out.resolve(part)).items().size());
        }
    }

    @Test
    void noFolderOfTheMachineIsNamed() throws IOException {
        for (ExportOptions.Format format : ExportOptions.Format.values()) {
            Path out = temp.resolve(format.id());
            ExportOptions defaults = ExportOptions.DEFAULTS;
            ExportOptions options =
                    new ExportOptions(
                            format, defaults.selection(), defaults.captions(), 1, 10, false);
            StyleCollection collection =
                    Files.exists(temp.resolve("collection"))
                            ? StyleCollection.open(temp.resolve("collection"))
                            : collection();
            CollectionExport.run(collection, out, options, (done, skipped) -> {});
            try (var files = Files.walk(out)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                    assertFalse(text.contains(temp.toString()), file.toString());
                }
            }
        }
    }
}
