package dev.stanstudio.scoring.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    @TempDir Path folder;

    private static List<String> read(Path list) {
        List<String> read = new ArrayList<>();
        Manifest.read(
                list,
                new Manifest.Reader() {
                    @Override
                    public void onRecord(long line, ManifestRecord record) {
                        read.add(line + " " + record.json());
                    }

                    @Override
                    public void onBadLine(long line, String what) {
                        read.add(line + " " + what.split(":", -1)[0]);
                    }
                });
        return read;
    }

    @Test
    void writtenAndAppendedLinesAreRead() throws IOException {
        Path list = folder.resolve(Manifest.FILE);
        ListedPicture first = new ListedPicture("a.png", null, "none", "sumi e", null, "Möwe", 1L);
        Map<String, Object> second = new LinkedHashMap<>();
        second.put("file", "b.png");
        second.put("adapters", List.of());
        Manifest.write(list, List.of(first));
        Manifest.append(list, second);
        assertEquals(
                """
                {"file":"a.png","method":"none","style":"sumi e","prompt":"Möwe","seed":1}
                {"file":"b.png","adapters":[]}
                """,
                Files.readString(list));
        assertEquals(
                List.of(
                        "1 {\"file\":\"a.png\",\"method\":\"none\",\"style\":\"sumi e\","
                                + "\"prompt\":\"Möwe\",\"seed\":1}",
                        "2 {\"file\":\"b.png\",\"adapters\":[]}"),
                read(list));
        assertEquals(2, Manifest.count(list));
    }

    @Test
    void damagedLinesAreNumberedAndTheOthersRead() throws IOException {
        Path list = folder.resolve("other.jsonl");
        String text = "{\"file\":\"a\\u2028.png\"}\r\n\n{\"file\":\n{\"x\": NaN}";
        Files.write(list, text.getBytes(StandardCharsets.UTF_16));
        assertEquals(
                List.of("1 {\"file\":\"a\u2028.png\"}", "3 is no JSON", "4 {\"x\":\"NaN\"}"),
                read(list).stream().map(line -> line.replace(":NaN", ":\"NaN\"")).toList());
        Path none = folder.resolve("none.jsonl");
        assertThrows(UserException.class, () -> read(none));
        assertThrows(UserException.class, () -> Manifest.append(folder, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"file", "file_name", "image", "picture"})
    void aFileHasFourNames(String key) {
        ManifestRecord record = ManifestRecord.parse("{\"" + key + "\":\"x/../a.png\"}");
        assertEquals(folder.resolve("a.png"), record.path(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a.png", "x/../../a.png", "/etc/passwd", ".."})
    void aFileStaysInTheFolder(String file) {
        ManifestRecord record = ManifestRecord.parse("{\"file\":\"" + file + "\"}");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> record.path(folder));
        assertEquals("file \"" + file + "\" leaves the list's folder", e.getMessage());
    }

    @Test
    void aHashIsOneOrThereIsNone() {
        String sha256 = "0123456789abcdef".repeat(4);
        assertEquals(sha256, ManifestRecord.parse("{\"sha256\":\"" + sha256 + "\"}").sha256());
        assertNull(ManifestRecord.parse("{\"sha256\":null,\"unknown\":{}}").sha256());
        for (String bad : List.of("short", sha256.toUpperCase(Locale.ROOT), "[\"a\",1]")) {
            String value = bad.startsWith("[") ? bad : "\"" + bad + "\"";
            ManifestRecord record = ManifestRecord.parse("{\"sha256\":" + value + "}");
            assertThrows(IllegalArgumentException.class, record::sha256, bad);
        }
    }

    @Test
    void aChangedHashKeepsItsNameInFiles() {
        assertEquals("lie", Problem.Kind.HASH_MISMATCH.key());
        assertEquals("lie", Problem.Kind.HASH_MISMATCH.words());
        assertEquals("bad line", Problem.Kind.BAD_LINE.words());
        assertEquals(
                "\"LIE\"", new ObjectMapper().valueToTree(Problem.Kind.HASH_MISMATCH).toString());
    }
}
