package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of captions as Flickr8k and Flickr30k have them. */
class CaptionListsTest {
    @TempDir private Path temp;

    private ImportReport run(String name, String list) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        files.put("Images/10_a.jpg", Made.jpg(1));
        files.put("Images/11_b.jpg", Made.jpg(2));
        files.put(name, Made.text(list));
        return CollectionImport.run(
                Made.folder(temp.resolve("in"), files),
                temp.resolve("out"),
                Made.styled("photograph"),
                (done, skipped) -> {});
    }

    private List<String> captions() {
        return Made.items(temp.resolve("out")).stream().map(item -> item.text()).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "captions.txt!image,caption/10_a.jpg,A dog, and a cat ./10_a.jpg,Pets"
                        + " ./11_b.jpg,\"A \"\"red\"\" boat , at sea .\"",
                "Flickr8k.token.txt!10_a.jpg#0~A dog, and a cat ./10_a.jpg#1~Pets ./11_b.jpg#0~A"
                        + " \"red\" boat , at sea .",
                "results_20130124.token!10_a.jpg#0~A dog, and a cat ./11_b.jpg#0~A \"red\" boat ,"
                        + " at sea .",
                "flickr30k_captions.txt!image_name| comment_number| comment/10_a.jpg| 0| A dog, and"
                        + " a cat ./11_b.jpg| 0| A \"red\" boat , at sea .",
            })
    void theFirstCaptionOfAPictureIsTaken(String name, String list) throws IOException {
        ImportReport report = run(name, list.replace('/', '\n').replace('~', '\t') + "\n");
        assertEquals(List.of("A dog, and a cat .", "A \"red\" boat , at sea ."), captions());
        assertEquals(0, report.skipped(), report.toString());
        assertEquals(List.of(), report.notes());
    }

    @Test
    void linesThatNameNoPictureAreCounted() throws IOException {
        ImportReport report =
                run("captions.txt", "10_a.jpg\ta dog\n11_b.jpg\t\nnothing\n12_c.jpg\tlost\n");
        assertEquals("a dog", captions().get(0));
        assertEquals(2, report.notes().size(), report.toString());
        assertTrue(
                report.notes()
                        .get(0)
                        .endsWith("labels 1 pictures that are not there, the first 12_c.jpg"));
        assertTrue(
                report.notes()
                        .get(1)
                        .endsWith(
                                "has 2 lines without a picture and its caption, the first is line"
                                        + " 2"));
    }

    @Test
    void aTextThatIsNoListIsNamed() throws IOException {
        ImportReport report = run("captions.txt", "The captions were written by hand.\n");
        assertEquals(1, report.skipped());
        assertTrue(
                report.problems().get(0).reason().contains("labels no picture in a way"),
                report.toString());
    }
}
