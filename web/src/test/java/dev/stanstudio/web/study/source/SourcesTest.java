package dev.stanstudio.web.study.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.sd3.metadata.PngText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists and folders of pictures that come from elsewhere. */
class SourcesTest {
    @TempDir Path root;
    private Path folder;
    private Path list;

    @BeforeEach
    void paint() throws IOException {
        folder = Files.createDirectories(root.resolve("study"));
        list = folder.resolve(Manifest.FILE);
        for (Path file :
                new Path[] {
                    folder.resolve("a.png"), folder.resolve("b.png"), root.resolve("outside.png")
                }) {
            Picture.of(8, 8, PixelMode.RGB, new byte[8 * 8 * 3]).writePng(file);
        }
    }

    private static String line(String file, String method, String more) {
        return "{\"file\":\"%s\",\"method\":\"%s\",\"prompt\":\"boat\"%s}\n"
                .formatted(file, method, more);
    }

    private String refusal(String second) throws IOException {
        Files.writeString(list, "\n" + line("a.png", "A", "") + second);
        UserException e = assertThrows(UserException.class, () -> Sources.read(list));
        String message = String.valueOf(e.getMessage());
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @ParameterizedTest
    @CsvSource({
        "../outside.png, leaves the list's folder",
        "x/../../outside.png, leaves the list's folder",
        "/etc/passwd, leaves the list's folder",
        "a\\u0000.png, control character U+0000",
        "link.png, is a link that leaves the folder",
        "folder/outside.png, is a link that leaves the folder",
        "missing.png, there is no picture",
        ".., leaves the list's folder",
        "., there is no picture",
        "a.png, is the picture of line 2 already",
        "x/../a.png, is the picture of line 2 already",
    })
    void aListNamesOnlyPicturesOfItsFolder(String file, String words) throws IOException {
        Files.createSymbolicLink(folder.resolve("link.png"), root.resolve("outside.png"));
        Files.createSymbolicLink(folder.resolve("folder"), root);
        String told = refusal(line(file, "B", ""));
        assertTrue(told.startsWith("line 3 of " + list + ": "), told);
        assertTrue(told.contains(words), told);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"style\":\"../../etc\"', style \"../../etc\" leaves",
        "'\"style\":\"/etc\"', style \"/etc\" leaves",
        "'\"style\":\"x\\u0000\"', control character U+0000",
        "'\"method\":\"B\\u001b[2J\"', control character U+001B",
        "'\"prompt\":\"\\u0000\"', control character U+0000",
        "'\"method\":\"\"', lacks \"method\"",
        "'\"method\":{}', method must be one text",
        "'\"sha256\":\"short\"', is not 64 hex digits",
    })
    void textsOfALineAreChecked(String more, String words) throws IOException {
        String told = refusal(line("b.png", "B", "," + more));
        assertTrue(told.startsWith("line 3 of " + list + ": "), told);
        assertTrue(told.contains(words), told);
    }

    @Test
    void aGoodListIsRead() throws IOException {
        Files.createSymbolicLink(folder.resolve("c.png"), folder.resolve("b.png"));
        Files.writeString(
                list,
                line("./a.png", "A", ",\"style\":\"ink wash\"")
                        + line("c.png", "B", ",\"style\":\"ink wash\""));
        StudyPictures material = Sources.read(folder);
        assertEquals(1, material.rows().size());
        assertEquals("ink wash", material.rows().get(0).style());
    }

    @Test
    void onlyRegularFilesOfBearableSizeAreLists() throws IOException {
        assertTrue(told(Path.of("/proc/self/status")).contains("is empty or no regular file"));
        Path large = folder.resolve("large.jsonl");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(1L << 33);
        }
        assertTrue(told(large).contains("has 8589934592 bytes"), told(large));
        assertTrue(told(folder.resolve("a.png")).contains("is no UTF-8 text"));
    }

    private static String told(Path path) {
        return String.valueOf(
                assertThrows(UserException.class, () -> Sources.read(path)).getMessage());
    }

    @Test
    void foldersAndStylesDoNotLeadOutByLinks() throws IOException {
        Path methods = Files.createDirectories(root.resolve("methods"));
        for (String method : new String[] {"A", "B"}) {
            Path own = Files.createDirectories(methods.resolve(method));
            Files.copy(folder.resolve("a.png"), own.resolve("boat.png"));
        }
        assertEquals(1, Sources.read(methods).rows().size());
        // Within the folder that was named a link is the owner's own.
        Files.createSymbolicLink(methods.resolve("A/ship.png"), methods.resolve("B/boat.png"));
        Files.copy(folder.resolve("a.png"), methods.resolve("B/ship.png"));
        assertEquals(2, Sources.read(methods).rows().size());
        Files.createSymbolicLink(methods.resolve("A/sea.png"), root.resolve("outside.png"));
        assertTrue(told(methods).contains("is a link that leaves the folder"), told(methods));

        Path styles = Files.createDirectories(root.resolve("styles"));
        UserException e =
                assertThrows(UserException.class, () -> Sources.references(styles, "../study", 4));
        assertTrue(e.getMessage().contains("style \"../study\" leaves"), e.getMessage());
        Files.createSymbolicLink(styles.resolve("ink"), folder);
        e = assertThrows(UserException.class, () -> Sources.references(styles, "ink", 4));
        assertTrue(e.getMessage().contains("is a link that leaves the folder"), e.getMessage());
    }

    /** As macOS and Linux name the same picture. */
    @Test
    void namesAreEqualHoweverAccentsAreComposed() throws IOException {
        Path methods = root.resolve("methods");
        copy(methods.resolve("A/caf\u00E9.png"), "");
        copy(methods.resolve("B/cafe\u0301.png"), "");
        copy(methods.resolve("B/tea.png"), "");
        StudyPictures read = Sources.read(methods);
        assertEquals(1, read.rows().size());
        assertEquals(1, read.incomplete());
        copy(methods.resolve("A/cafe\u0301.png"), "");
        assertTrue(told(methods).contains("A has two pictures of \"caf\u00E9\""), told(methods));
    }

    @Test
    void picturesOfOneNameAndOtherPromptsAreCounted() throws IOException {
        Path methods = root.resolve("methods");
        copy(methods.resolve("A/1.png"), "a boat");
        copy(methods.resolve("B/1.png"), "a tree");
        copy(methods.resolve("A/2.png"), "a cat");
        copy(methods.resolve("B/2.png"), "a cat");
        copy(methods.resolve("A/3.png"), "");
        copy(methods.resolve("B/3.png"), "a dog");
        StudyPictures read = Sources.read(methods);
        assertEquals(0, read.incomplete());
        assertEquals(1, read.differing());
        assertEquals("a boat", read.rows().get(0).prompt());
        assertEquals(
                List.of(
                        "Of 1 prompt the methods’ pictures carry different texts; voters read that"
                                + " of A: “a boat”."),
                read.notes());
    }

    @Test
    void promptsThatAreLeftOutAreNamedUnlessTheyAreMany() throws IOException {
        Path methods = root.resolve("methods");
        copy(methods.resolve("A/1.png"), "");
        copy(methods.resolve("B/1.png"), "");
        assertEquals(List.of(), Sources.read(methods).notes());
        copy(methods.resolve("A/boat.png"), "");
        assertEquals(
                List.of(
                        "1 prompt is left out, since not every method has a picture of it:"
                                + " “boat”."),
                Sources.read(methods).notes());
        for (String name : List.of("cat", "dog", "fox", "x".repeat(70))) {
            copy(methods.resolve("B/" + name + ".png"), "");
        }
        assertEquals(
                List.of(
                        "5 prompts are left out, since not every method has a picture of them:"
                                + " “boat”, “cat”, “dog” and 2 more."),
                Sources.read(methods).notes());
        List<StudyPictures.Entry> entries = new ArrayList<>();
        for (String method : List.of("A", "B")) {
            entries.add(new StudyPictures.Entry(method, "a sea", "", "1", folder.resolve("a.png")));
        }
        entries.add(
                new StudyPictures.Entry(
                        "A", "s".repeat(70), "ukiyo e", "2", folder.resolve("a.png")));
        String note = Sources.entries(entries).notes().get(0);
        assertTrue(note.endsWith(": “" + "s".repeat(60) + "…”."), note);
    }

    private static void copy(Path file, String prompt) throws IOException {
        Files.createDirectories(file.getParent());
        Map<String, String> texts =
                prompt.isEmpty()
                        ? Map.of()
                        : Map.of("parameters", prompt + "\nSteps: 4, Sampler: Euler, Seed: 1");
        PngText.write(file, Picture.of(8, 8, PixelMode.RGB, new byte[8 * 8 * 3]), texts);
    }

    private static StudyPictures drawn(int prompts, int seeds) {
        List<StudyPictures.Row> rows = new ArrayList<>();
        for (int prompt = 0; prompt < prompts; prompt++) {
            for (int seed = 0; seed < seeds; seed++) {
                Path picture = Path.of(prompt + "-" + seed + ".png");
                rows.add(
                        new StudyPictures.Row(
                                "prompt " + prompt, "anime", "" + seed, List.of(picture, picture)));
            }
        }
        return new StudyPictures(List.of("a", "b"), rows, List.of(), List.of());
    }

    @Test
    void aSampleHasEachPromptOnceAndFollowsFromItsSeed() {
        StudyPictures all = drawn(60, 4);
        StudyPictures sample = new PromptSample(20, 0).of(all);
        assertEquals(20, sample.rows().size());
        assertEquals(20, sample.rows().stream().map(StudyPictures.Row::prompt).distinct().count());
        assertTrue(
                sample.rows().stream().map(StudyPictures.Row::seed).distinct().count() > 1,
                "seeds are sampled too");
        assertEquals(sample.rows(), new PromptSample(20, 0).of(all).rows());
        List<StudyPictures.Row> turned = new ArrayList<>(all.rows());
        Collections.reverse(turned);
        StudyPictures other = new StudyPictures(all.methods(), turned, List.of(), List.of());
        assertEquals(
                Set.copyOf(sample.rows()), Set.copyOf(new PromptSample(20, 0).of(other).rows()));
        assertNotEquals(sample.rows(), new PromptSample(20, 1).of(all).rows());
        ArgumentException refused =
                assertThrows(ArgumentException.class, () -> new PromptSample(61, 0).of(all));
        assertEquals(
                "--prompts 61 is more than the 60 prompts that there are", refused.getMessage());
    }
}
