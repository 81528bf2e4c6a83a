package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tells folders that name a style from others, with and without {@code --style}. */
class ContainerFoldersTest {
    private static final Map<String, byte[]> TWO =
            Map.of("2021/a.png", Made.png(1), "2022/b.png", Made.png(2));

    @TempDir private Path temp;

    private ImportReport run(Map<String, byte[]> files, String style) throws IOException {
        Path source = Made.folder(temp.resolve("in"), files);
        return CollectionImport.run(
                source, temp.resolve("out"), Made.styled(style), (done, skipped) -> {});
    }

    private List<String> styles(String file) {
        return Made.items(temp.resolve("out")).stream()
                .filter(item -> item.source().endsWith(file))
                .findFirst()
                .orElseThrow()
                .labels()
                .styles();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "images",
                "Images",
                "image",
                "img",
                "imgs",
                "pictures",
                "data",
                "dataset",
                "train",
                "val/images",
                "images/train2017",
                "JPEGImages",
                "00000",
                "512x512",
                "images1024x1024",
                "10_images"
            })
    void containersNameNoStyle(String folder) throws IOException {
        ImportReport report = run(Map.of(folder + "/a.png", Made.png(1)), "ink wash");
        assertEquals(List.of("ink wash"), styles("a.png"));
        assertEquals(0, report.skipped(), report.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "images/Ukiyo_e/a.png, ukiyo e",
        "Ukiyo_e/images/a.png, ukiyo e",
        "data/train/Ukiyo_e/img/a.png, ukiyo e",
        "photos/a.png, photos",
        "data art/a.png, data art"
    })
    void otherFoldersAroundThemDo(String path, String style) throws IOException {
        Made.run(Made.folder(temp.resolve("in"), Map.of(path, Made.png(1))), temp.resolve("out"));
        assertEquals(List.of(style), styles("a.png"));
    }

    @Test
    void withoutAnyStyleThePictureIsNamed() throws IOException {
        Path source = Made.folder(temp.resolve("in"), Map.of("images/a.png", Made.png(1)));
        UserException e =
                assertThrows(UserException.class, () -> Made.run(source, temp.resolve("out")));
        assertTrue(
                e.getMessage().endsWith("images/a.png: has no style; give one with --style"),
                e.getMessage());
    }

    @Test
    void aGivenStyleCountsBeforeTheOnlyFolder() throws IOException {
        ImportReport report = run(Map.of("my best/a.png", Made.png(1)), "ink wash");
        assertEquals(List.of("ink wash"), styles("a.png"));
        assertEquals(
                List.of(
                        "all pictures lie in the folder \"my best\", but get the style \"ink wash\""
                                + " of --style"),
                report.notes());
    }

    @Test
    void aGivenStyleCountsBeforeTheOnlyFolderOfKohya() throws IOException {
        run(Map.of("10_sks dog/a.png", Made.png(1)), "ink wash");
        assertEquals(List.of("ink wash"), styles("a.png"));
        assertEquals("sks dog", Made.items(temp.resolve("out")).get(0).text());
    }

    @Test
    void foldersOfSeveralNamesCountBeforeAGivenStyle() throws IOException {
        ImportReport report = run(TWO, "ink wash");
        assertEquals(List.of("2021"), styles("a.png"));
        assertEquals(1, report.notes().size());
        assertTrue(
                report.notes()
                        .get(0)
                        .startsWith(
                                "2 folders name styles, the first \"2021\"; --style \"ink wash\""
                                        + " is for pictures outside them"),
                report.notes().get(0));
    }

    @Test
    void aPictureOutsideOneFolderGetsTheGivenStyle() throws IOException {
        run(Map.of("cubism/a.png", Made.png(1), "b.png", Made.png(2)), "ink wash");
        assertEquals(List.of("cubism"), styles("a.png"));
        assertEquals(List.of("ink wash"), styles("b.png"));
    }

    @Test
    void aListCountsBeforeEither() throws IOException {
        String line = "{\"file_name\": \"images/a.png\", \"style\": \"cubism\"}";
        run(Map.of("images/a.png", Made.png(1), "metadata.jsonl", Made.text(line)), "ink wash");
        assertEquals(List.of("cubism"), styles("a.png"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"photos", "imagery", "data art", "2021", "painting", "test pieces"})
    void wordsThatMayBeStylesAreNone(String folder) {
        assertFalse(ContainerFolders.contains(folder), folder);
    }
}
