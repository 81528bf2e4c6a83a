package dev.stanstudio.datasets.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.jerolba.carpet.CarpetWriter;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources as other programs leave them: what is not taken is named. */
class OddSourcesTest {
    /** A picture as Hugging Face keeps it. */
    public record Held(Binary bytes, @Nullable String path) {}

    /** Texts that are written as bytes, and a second picture. */
    public record Bytes(Held image, Held mask, Binary depth, Binary style, Binary text) {}

    /** Labels that are no texts. */
    public record Numbers(
            Held image, @Nullable Double text, boolean style, @Nullable Integer label) {}

    @TempDir private Path temp;

    private ImportReport run(Path source) {
        return CollectionImport.run(
                source, temp.resolve("out"), Made.styled("ink"), (done, skipped) -> {});
    }

    private ImportReport table(String name, String text) throws IOException {
        Path in = temp.resolve("in");
        Made.folder(in, Map.of("a.png", Made.png(1), "b.png", Made.png(2), name, Made.text(text)));
        return run(in);
    }

    private List<String> captions() {
        return Made.items(temp.resolve("out")).stream()
                .map(item -> item.labels().caption() + "/" + item.labels().styles().get(0))
                .toList();
    }

    private <T> Path parquet(Class<T> type, List<T> rows) throws IOException {
        Path file = temp.resolve("rows.parquet");
        try (OutputStream out = Files.newOutputStream(file);
                CarpetWriter<T> writer = new CarpetWriter.Builder<>(out, type).build()) {
            writer.write(rows);
        }
        return file;
    }

    private static Held held(int number) {
        return new Held(Binary.fromConstantByteArray(Made.png(number)), null);
    }

    @Test
    void pandasWritesAColumnWithoutANameAndNaNForNothing() throws IOException {
        table("metadata.csv", ",file_name,text,style\n0,a.png,NaN,nan\n1,b.png,a boat,NaN\n");
        assertEquals(List.of("a picture, in the style of ink/ink", "a boat/ink"), captions());
    }

    @Test
    void aColumnThatStandsTwiceIsNamed() {
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> table("metadata.csv", "file_name,text,text\na.png,A,B\n"));
        assertTrue(e.getMessage().endsWith("metadata.csv has two columns text; rename one"));
    }

    @Test
    void anOpenQuotationMarkIsNamedWithItsLine() {
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> table("metadata.csv", "file_name,text\na.png,\"A\nb.png,B\n"));
        assertTrue(
                e.getMessage()
                        .endsWith(
                                "metadata.csv line 2 opens a quotation mark that is never closed"),
                e.getMessage());
    }

    @Test
    void labelsOfALineThatAreNoTextsAreCounted() throws IOException {
        ImportReport report =
                table(
                        "metadata.jsonl",
                        """
                        {"file_name": "a.png", "text": 5, "style": true}
                        {"file_name": "b.png", "text": NaN, "style": null}
                        """);
        String notes = String.join("; ", report.notes());
        assertTrue(notes.contains("1 pictures have labels that say in no known way"), notes);
        assertTrue(notes.contains("1 pictures have a style that is no text"), notes);
        assertTrue(notes.contains("metadata.jsonl line 1"), notes);
    }

    @Test
    void whatFollowsALinesValueIsNotPassedOver() throws IOException {
        ImportReport report =
                table(
                        "metadata.jsonl",
                        """
                        {"file_name": "a.png", "text": "A"}{"file_name": "b.png", "text": "B"}
                        {"file_name": "b.png", "text": "C"}
                        """);
        assertEquals(List.of("C/ink"), captions());
        String problems = report.problems().toString();
        assertTrue(problems.contains("line 1: is not JSON: something follows its end"), problems);
    }

    @Test
    void aDamagedLineOfAListLeavesTheOthers() throws IOException {
        ImportReport report =
                table(
                        "list.jsonl",
                        """
                        {"file": "a.png", "text": "A"} // first
                        {"file": "b.png", "text": "B"}
                        """);
        assertEquals(List.of("a picture, in the style of ink/ink", "B/ink"), captions());
        String problems = report.problems().toString();
        assertTrue(problems.contains("list.jsonl line 1: "), problems);
        assertFalse(problems.contains("ALLOW_COMMENTS"), problems);
    }

    @Test
    void messagesOnJsonAreInPlainWords() {
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> table("metadata.jsonl", "{\n\"file_name\": \"a.png\"\n}\n"));
        assertTrue(e.getMessage().contains("line 1: is not JSON: Unexpected end"), e.getMessage());
        assertFalse(e.getMessage().contains("Source"), e.getMessage());
    }

    @Test
    void parquetMayHoldTextsAsBytesAndFurtherPictures() throws IOException {
        Bytes row =
                new Bytes(
                        held(1),
                        held(2),
                        Binary.fromConstantByteArray(Made.png(3)),
                        Binary.fromString("Pop_Art"),
                        Binary.fromString("a boat, größer"));
        ImportReport report = run(parquet(Bytes.class, List.of(row)));
        assertEquals(List.of("a boat, größer/pop art"), captions());
        String notes = String.join("; ", report.notes());
        assertTrue(
                notes.contains("has further pictures in mask, depth, of which image alone"), notes);
    }

    @Test
    void parquetLabelsThatAreNoTextsAreCounted() throws IOException {
        ImportReport report =
                run(
                        parquet(
                                Numbers.class,
                                List.of(
                                        new Numbers(held(1), 1.5, true, 3),
                                        new Numbers(held(2), Double.NaN, false, null))));
        assertEquals(2, report.imported());
        String notes = String.join("; ", report.notes());
        assertTrue(notes.contains("1 pictures have labels that say in no known way"), notes);
        assertTrue(notes.contains("2 pictures have a style that is no text"), notes);
    }

    private static Map<String, byte[]> sample(int number, String caption) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(number + ".png", Made.png(number));
        files.put(number + ".txt", Made.text(caption));
        return files;
    }

    @Test
    void whatFollowsTheEndOfATarIsNamed() throws IOException {
        byte[] one = Files.readAllBytes(Made.tar(temp.resolve("1.tar"), sample(1, "one")));
        byte[] two = Files.readAllBytes(Made.tar(temp.resolve("2.tar"), sample(2, "two")));
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        ImportReport report = run(Files.write(temp.resolve("both.tar"), both));
        assertEquals(List.of("one/ink"), captions());
        String problems = report.problems().toString();
        assertTrue(problems.contains("something follows its end"), problems);
    }

    @Test
    void aDamagedHeaderOfATarGivesNoPictureAnothersCaption() throws IOException {
        Map<String, byte[]> files = sample(1, "one");
        files.putAll(sample(2, "two"));
        byte[] tar = Files.readAllBytes(Made.tar(temp.resolve("a.tar"), files));
        int name = new String(tar, StandardCharsets.ISO_8859_1).indexOf("2.txt");
        tar[name] = '1';
        ImportReport report = run(Files.write(temp.resolve("a.tar"), tar));
        assertEquals(List.of("one/ink", "a picture, in the style of ink/ink"), captions());
        String problems = report.problems().toString();
        assertTrue(problems.contains("damaged after 3 members"), problems);
    }
}
