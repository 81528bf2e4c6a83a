package dev.stanstudio.scoring.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureListTest {
    @TempDir private Path folder;

    private static final class Seen implements PictureList.Visitor {
        private final List<ListedPicture> pictures = new ArrayList<>();
        private final List<String> missing = new ArrayList<>();
        private final List<Integer> widths = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        @Override
        public void onPicture(ListedPicture picture, @Nullable Path file) {
            pictures.add(picture);
            if (file == null) {
                missing.add(picture.file());
            } else {
                widths.add(Picture.read(file).width());
            }
        }

        @Override
        public void onProblem(Problem problem) {
            problems.add(problem);
        }
    }

    private Seen read(Path path, @Nullable String style) {
        Seen seen = new Seen();
        PictureList list = PictureList.open(path, new PictureList.Defaults("mine", style));
        list.forEach(seen);
        return seen;
    }

    private Path picture(String name, int width) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Picture.of(width, 2, PixelMode.RGB, new byte[width * 6]).writePng(file);
        return file;
    }

    @Test
    void aFolderNamesStylesByItsFolders() throws IOException {
        picture("Post_Impressionism/b.png", 3);
        picture("a.png", 2);
        Files.writeString(folder.resolve("notes.txt"), "no picture");
        Seen seen = read(folder, null);
        assertEquals(List.of(3, 2), seen.widths);
        assertEquals("post impressionism", seen.pictures.get(0).style());
        assertNull(seen.pictures.get(1).style());
        assertEquals("mine", seen.pictures.get(1).method());
        assertEquals("cubism", read(folder, "Cubism").pictures.get(0).style());
    }

    @Test
    void foldersBehindLinksAreRead() throws IOException {
        picture("real/Cubism/a.png", 2);
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        assertEquals(List.of(2), read(link, null).widths);
        Path further = Files.createDirectory(folder.resolve("further"));
        Files.createSymbolicLink(further.resolve("anime"), folder.resolve("real/Cubism"));
        Files.createSymbolicLink(further.resolve("loop"), further);
        Files.createSymbolicLink(further.resolve("b.png"), folder.resolve("gone"));
        assertEquals("anime", read(further, null).pictures.get(0).style());
        assertEquals(List.of(2), read(further, null).widths);
        assertEquals(List.of("b.png"), read(further, null).missing);
    }

    @Test
    void listsWhereATextBelongsAreReadOrNamed() throws IOException {
        picture("x.png", 4);
        Files.writeString(
                folder.resolve("manifest.jsonl"),
                """
                {"file":"x.png","prompt":["a cat","two cats"],"style":["anime"]}
                {"file":"x.png","style":["anime","cubism"]}
                {"file":"x.png","method":{"name":"stan"}}
                {"file":"x.png","seed":18446744073709551621}
                {"file":"x.png","prompt":"\\ud800"}
                """);
        Seen seen = read(folder, null);
        assertEquals(1, seen.pictures.size());
        assertEquals("a cat", seen.pictures.get(0).prompt());
        assertEquals("anime", seen.pictures.get(0).style());
        assertEquals(
                List.of(
                        "style must be one text, not [\"anime\",\"cubism\"]",
                        "method must be one text, not {\"name\":\"stan\"}",
                        "seed 18446744073709551621 is no whole number of 64 bits",
                        "prompt holds half a character, so it is no text"),
                seen.problems.stream().map(Problem::what).toList());
    }

    @Test
    void aManifestCountsBeforeMetadata() throws IOException {
        picture("x.png", 4);
        Files.writeString(folder.resolve("metadata.jsonl"), "{\"file_name\":\"x.png\"}\n");
        assertEquals("mine", read(folder, null).pictures.get(0).method());
        Files.writeString(
                folder.resolve("manifest.jsonl"),
                "{\"file\":\"x.png\",\"method\":\"stan\",\"prompt\":\"a cat, in the style of"
                        + " Ukiyo-e\",\"seed\":7}\n");
        ListedPicture picture = read(folder, null).pictures.get(0);
        assertEquals("stan", picture.method());
        assertEquals("ukiyo e", picture.style());
        assertEquals(7L, picture.seed());
    }

    @Test
    void badLinesAreNamedAndTheOthersRead() throws IOException {
        picture("x.png", 4);
        Path list = folder.resolve("list.jsonl");
        Files.writeString(
                list,
                """
                {"file":"x.png"}
                no json
                {"prompt":"no file"}

                {"file":"../outside.png"}
                {"file":"x.png","seed":"seven"}
                {"file":"x.png","sha256":"short"}
                {"file":"gone.png"}
                """);
        Seen seen = read(list, null);
        assertEquals(2, seen.pictures.size());
        assertEquals(List.of("gone.png"), seen.missing);
        assertEquals(5, seen.problems.size(), seen.problems.toString());
        seen.problems.forEach(p -> assertEquals(Problem.Kind.BAD_LINE, p.kind()));
        assertEquals("list.jsonl line 2", seen.problems.get(0).where());
    }

    @Test
    void aTarKeepsWhatBelongsTogether() throws IOException {
        Path a = picture("a.png", 5);
        Path b = picture("b.png", 6);
        Path tar = folder.resolve("set.tar");
        try (OutputStream out = Files.newOutputStream(tar);
                TarArchiveOutputStream to = new TarArchiveOutputStream(out)) {
            add(to, "0001.png", Files.readAllBytes(a));
            add(
                    to,
                    "0001.json",
                    "{\"prompt\":\"one\",\"seed\":1}".getBytes(StandardCharsets.UTF_8));
            add(to, "0002.txt", "two".getBytes(StandardCharsets.UTF_8));
            add(to, "0002.png", Files.readAllBytes(b));
        }
        Seen seen = read(tar, "anime");
        assertEquals(List.of(5, 6), seen.widths);
        assertEquals("one", seen.pictures.get(0).prompt());
        assertEquals("two", seen.pictures.get(1).prompt());
        assertEquals("anime", seen.pictures.get(1).style());
        Files.write(tar, new byte[] {1, 2, 3});
        assertThrows(UserException.class, () -> read(tar, null));
    }

    /** The importer parts samples by the same rules. */
    @Test
    void dotsEndingsAndOrderInATarLoseNothing() throws IOException {
        byte[] picture = Files.readAllBytes(picture("a.png", 5));
        Path tar = folder.resolve("set.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(tar));
                TarArchiveOutputStream to = new TarArchiveOutputStream(out)) {
            add(to, "mount.fuji.PNG", picture);
            add(to, "mount.fuji.TXT", "fuji".getBytes(StandardCharsets.UTF_16));
            add(to, "mount.fuji.json", "{\"seed\":1}".getBytes(StandardCharsets.UTF_8));
            add(to, "mount.aso.png", picture);
            add(to, "mount.aso.txt", "aso".getBytes(StandardCharsets.UTF_8));
            add(to, "2.input.jpg", picture);
            add(to, "2.mask.jpg", picture);
            add(to, "2.caption.txt", "two".getBytes(StandardCharsets.UTF_8));
            add(to, "3.txt", "nothing".getBytes(StandardCharsets.UTF_8));
        }
        Seen seen = read(tar, null);
        assertEquals(
                List.of("fuji", "aso", "two"),
                seen.pictures.stream().map(ListedPicture::prompt).toList());
        assertEquals(1, seen.pictures.get(0).seed());
        assertEquals(List.of(5, 5, 5), seen.widths);
        assertEquals(
                List.of("2.mask.jpg", "3.txt"),
                seen.problems.stream().map(Problem::where).toList());
    }

    @Test
    void numbersThatAreNoneAreReadAsPythonWritesThem() throws IOException {
        picture("x.png", 4);
        Path list =
                Files.writeString(
                        folder.resolve("manifest.jsonl"),
                        "{\"file\": \"x.png\", \"prompt\": \"p\", \"score\": NaN}\n");
        Seen seen = read(list, null);
        assertEquals(List.of(), seen.problems);
        assertEquals("p", seen.pictures.get(0).prompt());
    }

    @Test
    void linksSecondMembersAndWhatFollowsTheEndOfATarAreNamed() throws IOException {
        byte[] picture = Files.readAllBytes(picture("a.png", 5));
        Path tar = folder.resolve("set.tar");
        try (OutputStream out = Files.newOutputStream(tar)) {
            for (String name : List.of("1", "2")) {
                TarArchiveOutputStream to = new TarArchiveOutputStream(out);
                add(to, name + ".png", picture);
                add(to, name + ".txt", name.getBytes(StandardCharsets.UTF_8));
                add(to, name + ".txt", "again".getBytes(StandardCharsets.UTF_8));
                TarArchiveEntry link = new TarArchiveEntry("l.png", TarArchiveEntry.LF_SYMLINK);
                link.setLinkName("1.png");
                to.putArchiveEntry(link);
                to.closeArchiveEntry();
                to.finish();
            }
        }
        Seen seen = read(tar, null);
        assertEquals(List.of("1"), seen.pictures.stream().map(ListedPicture::prompt).toList());
        assertEquals(
                List.of("1.txt", "l.png", tar.toString()),
                seen.problems.stream().map(Problem::where).toList());
        String last = seen.problems.get(2).toString();
        assertTrue(last.contains("something follows its end"), last);
    }

    private static void add(TarArchiveOutputStream to, String name, byte[] bytes)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        to.putArchiveEntry(entry);
        to.write(bytes);
        to.closeArchiveEntry();
    }

    @Test
    void unitsAreSharedByMethods() {
        ListedPicture a = new ListedPicture("a.png", null, "none", "x", null, "p", 1L);
        ListedPicture b = new ListedPicture("b.png", null, "stan", "x", null, "p", 1L);
        ListedPicture c = new ListedPicture("c.png", null, "stan", "x", null, "p", 2L);
        assertEquals(a.unit(), b.unit());
        assertNotEquals(a.unit(), c.unit());
        ListedPicture unknown = new ListedPicture("d.png", null, "stan", "x", null, "p", null);
        assertTrue(unknown.unit().contains("d.png"), "without a seed a picture is its own unit");
    }

    @Test
    void whatIsNoListIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("x.zip"), "");
        assertThrows(UserException.class, () -> read(file, null));
        assertThrows(UserException.class, () -> read(folder.resolve("none"), null));
    }

    @Test
    void aTrainingIsStatedOrThatOfTheAdapters() {
        PictureList.Defaults defaults = new PictureList.Defaults("mine", null);
        String one = "1".repeat(64);
        String two = "2".repeat(64);
        for (String[] row :
                new String[][] {
                    {"{\"training\":3,\"adapters\":[{\"sha256\":\"" + one + "\"}]}", "3"},
                    {"{\"adapters\":[{\"sha256\":\"" + one + "\"}]}", "111111111111"},
                    {
                        "{\"adapters\":[{\"sha256\":\"%s\"},{\"sha256\":\"%s\"}]}"
                                .formatted(one, two),
                        "111111111111+222222222222"
                    },
                    {"{\"adapters\":[]}", ""},
                    {"{\"adapters\":[{\"path\":\"x\"}]}", null},
                    {"{}", null}
                }) {
            ListedPicture picture = ManifestRecord.parse(row[0]).picture("a.png", defaults);
            assertEquals(row[1], picture.training(), row[0]);
            assertEquals("".equals(row[1]), picture.isPlain());
        }
    }
}
