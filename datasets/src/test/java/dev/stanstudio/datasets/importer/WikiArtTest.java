package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.datasets.sample.Mojibake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WikiArtTest {
    private static final String GREGOIRE = "grégoire-michonze_village.jpg";

    @TempDir private Path temp;

    /** Names as WikiArt's lists write them. */
    private static String broken(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return new String(utf8, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }

    @Test
    void brokenNamesAreRepaired() {
        assertEquals("grã©goire", broken("Grégoire"));
        for (String name :
                List.of("grégoire", "müller", "à côté", "žižka", "øre", "a’b", "a\u00a0b")) {
            assertEquals(name, Mojibake.repair(broken(name)), name);
            assertEquals(name, Mojibake.repair(name), "a sound name stays: " + name);
        }
        assertEquals("日本", Mojibake.repair("日本"));
        assertEquals("plain_name", Mojibake.repair("plain_name"));
    }

    private Map<String, byte[]> small() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("wikiart/Art_Nouveau_Modern/alphonse-mucha_job_poster-1896.jpg", Made.jpg(1));
        files.put("wikiart/Baroque/rembrandt_woman-standing(2).jpg", Made.jpg(2));
        files.put("wikiart/Expressionism/" + broken(GREGOIRE), Made.jpg(3));
        files.put("wikiart/Cubism/juan-gris_guitar.jpg", Made.jpg(4));
        files.put("wikiart/Synthetic_Cubism/juan-gris_guitar.jpg", Made.jpg(4));
        files.put(
                "style_train.csv",
                Made.text(
                        "Art_Nouveau_Modern/alphonse-mucha_job_poster-1896.jpg,3\n"
                                + "Expressionism/"
                                + GREGOIRE
                                + ",9\n"
                                + "Baroque/rembrandt_gone.jpg,4\n"
                                + "Pop_Art/andy-warhol_not-taken.jpg,19\n"));
        files.put("style_val.csv", Made.text("Cubism/juan-gris_guitar.jpg,7\n"));
        files.put("genre_train.csv", Made.text("Cubism/juan-gris_guitar.jpg,9\n"));
        files.put("genre_class.txt", Made.text("0 abstract_painting\n9 still_life\n"));
        return files;
    }

    @Test
    void foldersAndListsOfArtGanAreRead() throws IOException {
        Path out = temp.resolve("out");
        ImportReport report = Made.run(Made.zip(temp.resolve("wikiart.zip"), small()), out);
        assertEquals("wikiart", report.format());
        assertEquals(4, report.imported());
        assertEquals(1, report.stylesAdded());
        assertEquals(
                List.of(
                        "the lists name 1 pictures that are not there, the first"
                                + " baroque/rembrandtgonejpg"),
                report.notes());
        List<StyleItem> items = Made.items(out);
        StyleItem mucha = items.get(0);
        assertEquals(List.of("art nouveau"), mucha.labels().styles());
        assertEquals("alphonse mucha", mucha.labels().artist());
        assertEquals("job poster 1896", mucha.labels().content());
        assertEquals("train", mucha.labels().split());
        StyleItem rembrandt = items.get(1);
        assertEquals("woman standing", rembrandt.labels().content());
        assertNull(rembrandt.labels().split());
        StyleItem guitar = items.get(2);
        assertEquals(List.of("cubism", "synthetic cubism"), guitar.labels().styles());
        assertEquals("still life", guitar.labels().genre());
        assertEquals("validation", guitar.labels().split());
        StyleItem gregoire = items.get(3);
        assertEquals("grégoire michonze", gregoire.labels().artist());
        assertEquals("train", gregoire.labels().split());
        assertTrue(gregoire.fileName().contains("gregoire-michonze-village-"));
    }

    @Test
    void listsWithOtherColumnsAreRefused() throws IOException {
        Map<String, byte[]> files = small();
        files.put("style_val.csv", Made.text("path,class,artist\n"));
        assertRefused(files, "style_val.csv line 1 has 3 columns where 2 are expected");
        files.put("style_val.csv", Made.text("path,class\n"));
        assertRefused(files, "line 1 begins with \"path\", not with Style/picture.jpg");
    }

    private void assertRefused(Map<String, byte[]> files, String words) throws IOException {
        Path zip = Made.zip(temp.resolve("w.zip"), files);
        UserException e =
                assertThrows(UserException.class, () -> Made.run(zip, temp.resolve("refused")));
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    @Test
    void facesOfDualStyleGanTakeTheirStyleFromTheFolderAbove() throws IOException {
        Path source =
                Made.folder(
                        temp.resolve("data"),
                        Map.of(
                                "cartoon/images/train/Cartoons_00440_04.jpg", Made.jpg(1),
                                "impasto/images/train/12.jpg", Made.jpg(2)));
        Path out = temp.resolve("faces");
        assertEquals("dualstylegan", Made.run(source, out).format());
        StyleItem item = Made.items(out).get(0);
        assertEquals("a portrait, in the style of cartoon", item.text());
        assertEquals("S-Lab License 1.0 (non-commercial)", item.labels().licence());
    }
}
