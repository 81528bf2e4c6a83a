package dev.stanstudio.datasets.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.command.CommandTree;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code dataset caption} with captioners of a few lines of shell. */
class DatasetCaptionTest {
    /** Answers by the file's name and counts what it was asked in {@code asked}. */
    private static final String GOOD =
            """
            while read -r p; do
              echo "$p" >> "$(dirname "$0")/asked"
              echo "a view of $(basename "$p" .png)"
            done
            """;

    @TempDir private Path temp;

    private record Run(int code, String out, String failure) {}

    private static Run run(Object... args) {
        StringWriter out = new StringWriter();
        StringBuilder failure = new StringBuilder();
        int code =
                CommandTree.installed()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(new StringWriter()))
                        .setExecutionExceptionHandler(
                                (e, line, parsed) -> {
                                    failure.append(e.getMessage());
                                    return ExitCodes.FAILED;
                                })
                        .execute(
                                Stream.concat(Stream.of("dataset", "caption"), Stream.of(args))
                                        .map(String::valueOf)
                                        .toArray(String[]::new));
        return new Run(code, out.toString(), failure.toString());
    }

    private String script(String text) {
        try {
            return "sh '" + Files.writeString(temp.resolve("captioner.sh"), text) + "'";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path pictures(String name, int count) throws IOException {
        Path folder = Files.createDirectories(temp.resolve(name));
        for (int i = 0; i < count; i++) {
            Picture.of(2, 1, PixelMode.GREY, new byte[] {(byte) i, 9})
                    .writePng(folder.resolve(i + ".png"));
        }
        return folder;
    }

    /** Five pictures; of number 1 a person wrote the content, of 2 the text. */
    private Path collection() throws IOException {
        Path folder = pictures("collection", 5);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            Path file = folder.resolve(i + ".png");
            lines.append(
                    new ObjectMapper()
                            .createObjectNode()
                            .put("file_name", i + ".png")
                            .put("text", i == 2 ? "my words" : "a picture, in the style of ink")
                            .put("content", i == 1 ? "a hand" : null)
                            .put("style", "ink")
                            .put("sha256", Sha256.ofFile(file))
                            .put("width", 2)
                            .put("height", 1)
                            .put("camera", "kept"));
            lines.append('\n');
        }
        Files.writeString(folder.resolve("metadata.jsonl"), lines);
        return folder;
    }

    private static List<String> texts(Path collection) {
        return StyleCollection.open(collection).items().stream().map(StyleItem::text).toList();
    }

    private List<String> asked() throws IOException {
        return Files.readAllLines(temp.resolve("asked")).stream()
                .map(line -> Path.of(line).getFileName().toString())
                .toList();
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void collectionIsCaptionedAndPeoplesWordsStay() throws IOException {
        Path folder = collection();
        Run run = run(folder, "--command", script(GOOD), "--trigger", "sks", "--suffix", ", ink");
        assertEquals(0, run.code(), run.failure());
        assertTrue(run.out().contains("captioned      3"), run.out());
        assertTrue(run.out().contains("kept           2"), run.out());
        assertEquals(
                List.of(
                        "sks, a view of 0, in the style of ink, ink",
                        "a picture, in the style of ink",
                        "my words",
                        "sks, a view of 3, in the style of ink, ink",
                        "sks, a view of 4, in the style of ink, ink"),
                texts(folder));
        assertEquals(List.of("0.png", "3.png", "4.png"), asked());
        assertTrue(Files.readString(folder.resolve("metadata.jsonl")).contains("\"camera\""));
        assertFalse(files(folder).stream().anyMatch(name -> name.startsWith(".")));

        Run again = run(folder, "--command", script(GOOD));
        assertTrue(again.out().contains("captioned      0"), again.out());
        Run all =
                run(
                        folder,
                        "--command",
                        script(GOOD),
                        "--overwrite",
                        "--caption-template",
                        "{content}");
        assertTrue(all.out().contains("captioned      5"), all.out());
        assertEquals("a view of 2", texts(folder).get(2));
    }

    @Test
    void folderGetsTextsBesideItsPictures() throws IOException {
        Path folder = pictures("plain/10_cat", 3).getParent();
        Files.writeString(folder.resolve("10_cat/1.txt"), "mine");
        Files.writeString(folder.resolve("10_cat/2.txt"), " \n");
        Run run = run(folder, "--command", script(GOOD), "--prefix", "a photo,");
        assertEquals(0, run.code(), run.failure());
        assertEquals(
                List.of("a photo, a view of 0", "mine", "a photo, a view of 2"),
                Stream.of("0", "1", "2")
                        .map(name -> folder.resolve("10_cat/" + name + ".txt"))
                        .map(DatasetCaptionTest::read)
                        .toList());
        Picture.of(1, 1, PixelMode.GREY, new byte[1]).writePng(folder.resolve("10_cat/1.PNG"));
        Run two = run(folder, "--command", script(GOOD));
        assertTrue(two.failure().contains("share the caption 10_cat/1.txt"), two.failure());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void listOfItsOwnLeavesTheCollectionAsItIs() throws IOException {
        Path folder = collection();
        String before = Files.readString(folder.resolve("metadata.jsonl"));
        Path list = temp.resolve("captions.jsonl");
        assertEquals(0, run(folder, "--command", script(GOOD), "--out", list).code());
        assertEquals(5, Files.readAllLines(list).size());
        assertTrue(
                read(list)
                        .startsWith(
                                "{\"file_name\":\"0.png\",\"text\":\"a view of 0, in the style"));
        assertEquals(before, Files.readString(folder.resolve("metadata.jsonl")));
        Run again = run(folder, "--command", script(GOOD), "--out", list);
        assertTrue(again.failure().contains("--overwrite replaces it"), again.failure());
    }

    /** The process is killed, not asked, after it has kept two captions. */
    @Test
    void killedCaptioningGoesOnWithNoPictureTwice() throws Exception {
        Path folder = pictures("many", 6);
        Path gate = temp.resolve("gate");
        String command =
                script(
                        """
                        while read -r p; do
                          echo "$p" >> "$(dirname "$0")/asked"
                          n=$(wc -l < "$(dirname "$0")/asked")
                          while [ "$n" -eq 3 ] && [ ! -e "$(dirname "$0")/gate" ]; do sleep 0.05; done
                          echo "a view of $(basename "$p" .png)"
                        done
                        """);
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                folder.toString(),
                                command)
                        .redirectErrorStream(true)
                        .redirectOutput(temp.resolve("said").toFile())
                        .start();
        while (!Files.exists(temp.resolve("asked")) || asked().size() < 3) {
            assertFalse(process.waitFor(20, TimeUnit.MILLISECONDS), read(temp.resolve("said")));
        }
        process.destroyForcibly().waitFor();
        Files.writeString(gate, "");
        assertEquals(6, files(folder).stream().filter(name -> name.endsWith(".png")).count());
        Run run = run(folder, "--command", command);
        assertEquals(0, run.code(), run.failure());
        assertTrue(run.out().contains("captioned      6 (2 of them by an earlier"), run.out());
        List<String> twice = new ArrayList<>(asked());
        assertTrue(twice.remove("2.png"), "it was asked when the process was killed");
        assertEquals(List.of("0.png", "1.png", "2.png", "3.png", "4.png", "5.png"), twice);
        assertEquals("a view of 2", read(folder.resolve("2.txt")));
    }

    static final class Main {
        private Main() {}

        public static void main(String[] args) {
            System.exit(
                    CommandTree.installed()
                            .execute("dataset", "caption", args[0], "--command", args[1]));
        }
    }

    /** Number 1 of three gets a bad answer; the others are captioned. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo '' | the answer is empty",
                "printf '\\377\\376\\n' | is not UTF-8 text",
                "printf 'a\\000b\\n' | control characters",
                "head -c 70000 /dev/zero | more than 65536 bytes",
                "exec sleep 20 | no answer within 1 s",
                "kill -9 $$ | ended with exit code 137",
                "echo 'out of memory' >&2; exit 3 | ended with exit code 3: out of memory",
                "echo '{\"error\":\"too dark\"}' | the captioner says: too dark",
                "echo '{\"caption\":' | begins like JSON and is none",
                "echo '{\"file\":\"/x\",\"caption\":\"y\"}' | the answer is about /x"
            })
    void badAnswersAreNamedAndTheRestIsCaptioned(String answer, String reason) throws IOException {
        Path folder = pictures("pictures", 3);
        String command =
                script(
                        """
                        while read -r p; do
                          case "$p" in *1.png) %s;; *) echo "a view";; esac
                        done
                        """
                                .formatted(answer));
        // A new program has longer, so that the others are answered on a busy machine too.
        String timeout = answer.contains("sleep") ? "1" : "120";
        Run run = run(folder, "--command", command, "--timeout", timeout);
        assertEquals(0, run.code(), run.failure());
        assertTrue(run.out().contains("captioned      2"), run.out());
        assertTrue(run.out().contains("without        1"), run.out());
        assertTrue(run.out().contains("  1.png: "), run.out());
        assertTrue(run.out().contains(reason), run.out());
        assertEquals(List.of("0.png", "0.txt", "1.png", "2.png", "2.txt"), files(folder));
        Run stop =
                run(folder, "--command", command, "--start-timeout", timeout, "--on-error", "stop");
        assertEquals(1, stop.code());
        assertTrue(stop.failure().startsWith("1.png: "), stop.failure());
        assertFalse(stop.failure().contains("\n"), stop.failure());
    }

    /** Nobody can tell any more which picture an answer is about, so none of them counts. */
    @Test
    void captionerThatPrintsTooMuchIsRefusedWithItsAnswers() throws IOException {
        Path folder = pictures("pictures", 4);
        String banner = script("echo loading\n" + GOOD);
        Run run = run(folder, "--command", banner);
        assertEquals(1, run.code());
        assertTrue(run.failure().contains("more than one line for a picture"), run.failure());
        assertEquals(List.of("0.png", "1.png", "2.png", "3.png"), pngs(folder));
        Run mended = run(folder, "--command", script(GOOD));
        assertTrue(
                mended.out().contains("captioned      4 (0 of"), mended.out() + mended.failure());
        assertEquals("a view of 0", read(folder.resolve("0.txt")));
    }

    private static List<String> pngs(Path folder) throws IOException {
        return files(folder).stream().filter(name -> !name.startsWith(".")).toList();
    }

    @Test
    void programForEachPictureGetsThePathInItsPlace() throws IOException {
        Path folder = pictures("odd ' $(touch x)", 2);
        script("echo \"seen $(basename \"$1\")\"");
        Run run = run(folder, "--command", "sh '" + temp.resolve("captioner.sh") + "' {}");
        assertEquals(0, run.code(), run.failure());
        assertEquals("seen 1.png", read(folder.resolve("1.txt")));
        Run two = run(folder, "--command", "printf 'a\\nb\\n{}'", "--overwrite");
        assertTrue(two.out().contains("the answer has 3 lines, not one"), two.out());
    }

    @Test
    void captionerInheritsNoSecret() throws Exception {
        Path folder = pictures("pictures", 1);
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        folder.toString(),
                        "sh -c 'while read -r p; do env | tr \"\\n\" \" \"; echo; done'");
        builder.environment().put("HF_TOKEN", "hunter2");
        builder.environment().put("STUDIO_DB_PASSWORD", "hunter2");
        builder.environment().put("KEPT", "kept");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        String caption = read(folder.resolve("0.txt"));
        assertTrue(caption.contains("KEPT=kept"), caption);
        assertFalse(caption.contains("hunter2"), caption);
    }

    @Test
    void uselessCaptionersAreRefusedInOneLine() throws IOException {
        Path folder = pictures("pictures", 5);
        refuses(folder, "pyhton3 x.py", "there is no program 'pyhton3'");
        refuses(folder, " ", "--command is empty");
        refuses(folder, "sh -c 'x", "has a ' without its partner");
        refuses(folder, "true", "the captioner ended with exit code 0");
        refuses(folder, "sh -c 'echo no model >&2; exit 1'", "exit code 1: no model");
        // A program that answers once and ends is started again each time.
        Run single = run(folder, "--command", "sh -c 'read p; echo x; exit 4'", "--out", list());
        assertTrue(single.out().contains("captioned      5"), single.out() + single.failure());
        Run timeout = run(folder, "--command", "cat", "--timeout", "0");
        assertTrue(timeout.failure().contains("1 to 86400 seconds"), timeout.failure());
        Run none = run(temp.resolve("nowhere"), "--command", "cat");
        assertTrue(none.failure().contains("is no folder of pictures"), none.failure());
        Run template = run(folder, "--command", "cat", "--caption-template", "{content}");
        assertTrue(template.failure().contains("needs a collection"), template.failure());
    }

    private Path list() {
        return temp.resolve("list.jsonl");
    }

    private static void refuses(Path folder, String command, String reason) {
        Run run = run(folder, "--command", command);
        assertTrue(run.failure().contains(reason), run.failure());
        assertFalse(run.failure().contains("\n"), run.failure());
        assertFalse(Files.exists(folder.resolve("0.txt")));
    }
}
