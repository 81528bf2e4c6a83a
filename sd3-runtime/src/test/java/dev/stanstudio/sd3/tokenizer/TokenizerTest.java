package dev.stanstudio.sd3.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final int LENGTH = 12;

    @TempDir private Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"clip", "clip-bang", "clip-legacy", "clip-extended", "t5"})
    void agreesWithTheReference(String name) throws IOException {
        JsonNode rows = Fixtures.json(Fixtures.resource("expected.json")).path(name);
        assertEquals(17, rows.size());
        try (Tokenizer tokenizer = load(name)) {
            for (JsonNode row : rows) {
                String text = row.path("text").asText();
                Encoding encoding = tokenizer.encode(text, LENGTH);
                assertArrayEquals(ints(row.path("ids")), tokenizer.encodeUnpadded(text), text);
                assertArrayEquals(ints(row.path("padded")), encoding.ids(), text);
                assertEquals(row.path("cut").asText(), encoding.truncatedText(), text);
            }
        }
    }

    @Test
    void aTokenizerJsonOfTheSameModelGivesTheSameIds() throws IOException {
        Path folder = Fixtures.copy("clip-bang", temporary.resolve("whole"));
        TokenizerFolder files = new TokenizerFolder(folder);
        Path json = folder.resolve("tokenizer.json");
        TokenizerFolder.JSON.writeValue(json.toFile(), Definition.read(files).tokenizerJson());
        for (String old : List.of("vocab.json", "merges.txt", "tokenizer_config.json")) {
            assertTrue(folder.resolve(old).toFile().delete());
        }
        try (Tokenizer expected = load("clip-bang");
                Tokenizer tokenizer = Tokenizer.load(folder)) {
            String text = "the River! <|startoftext|> LEMON<|endoftext|>";
            assertArrayEquals(expected.encodeUnpadded(text), tokenizer.encodeUnpadded(text));
        }
    }

    @Test
    void countsContentAndCutsItForTheSpecialTokens() throws IOException {
        try (Tokenizer clip = load("clip");
                Tokenizer t5 = load("t5")) {
            String text = "the river the moon the mill";
            int[] whole = clip.encodeUnpadded(text);
            Encoding fits = clip.encode(text, whole.length);
            assertArrayEquals(whole, fits.ids());
            assertEquals(whole.length - 2, fits.contentTokens());
            assertEquals("", fits.truncatedText());
            Encoding cut = clip.encode(text, whole.length - 2);
            assertEquals(whole.length - 4, cut.contentTokens());
            assertEquals("the mill", cut.truncatedText());
            assertEquals(0, clip.encode("", LENGTH).contentTokens());
            assertEquals("the mill", t5.encode("the mill", 1).truncatedText());
        }
    }

    @Test
    void refusesALengthWithoutRoomForTheSpecialTokens() throws IOException {
        try (Tokenizer clip = load("clip")) {
            var e = assertThrows(UserException.class, () -> clip.encode("a", 1));
            assertEquals(
                    "a length of 1 has no room for the 2 special tokens; use at least 3",
                    e.getMessage());
        }
    }

    @Test
    void knowsTheModelsLimit() throws IOException {
        try (Tokenizer clip = load("clip");
                Tokenizer unlimited = load("clip-extended");
                Tokenizer t5 = load("t5")) {
            assertEquals(OptionalInt.of(77), clip.modelMaxLength());
            assertEquals(OptionalInt.empty(), unlimited.modelMaxLength());
            assertEquals(OptionalInt.of(512), t5.modelMaxLength());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip-bang", "t5"})
    void takesALoneSurrogateForTheReplacementCharacter(String name) throws IOException {
        try (Tokenizer tokenizer = load(name)) {
            assertArrayEquals(
                    tokenizer.encodeUnpadded("a\ufffdb \ufffd\ud83c\udf0a"),
                    tokenizer.encodeUnpadded("a\udc00b \ud83c\ud83c\udf0a"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip-bang", "t5"})
    void takesTextsOfAnyLength(String name) throws IOException {
        List<String> units =
                List.of("a", "the river ", " ", "!", "7", "\u6d77", "\0", "e\u0301", "\u00bd");
        try (Tokenizer tokenizer = load(name)) {
            for (String unit : units) {
                String start = unit.repeat(200);
                String text = unit.repeat(100_000 / unit.length());
                Encoding encoding =
                        assertTimeout(
                                Duration.ofSeconds(20), () -> tokenizer.encode(text, 77), unit);
                assertEquals(77, encoding.ids().length);
                if (!unit.equals("a")) {
                    assertArrayEquals(tokenizer.encode(start, 77).ids(), encoding.ids(), unit);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip-bang", "t5"})
    void servesThreadsAtOnce(String name) throws Exception {
        JsonNode rows = Fixtures.json(Fixtures.resource("expected.json")).path(name);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Tokenizer tokenizer = load(name)) {
            Callable<Integer> pass = () -> wrongRows(tokenizer, rows);
            List<Callable<Integer>> passes = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                passes.add(pass);
            }
            for (Future<Integer> wrong : threads.invokeAll(passes)) {
                assertEquals(0, wrong.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void refusesWorkOnceClosed() throws IOException {
        Tokenizer tokenizer = load("clip");
        tokenizer.close();
        tokenizer.close();
        assertThrows(IllegalStateException.class, () -> tokenizer.encodeUnpadded("a"));
    }

    @Test
    void handsOutCopies() throws IOException {
        try (Tokenizer tokenizer = load("clip")) {
            Encoding encoding = tokenizer.encode("the river", LENGTH);
            int[] before = encoding.ids();
            Arrays.fill(encoding.ids(), -1);
            assertArrayEquals(before, encoding.ids());
        }
    }

    private Tokenizer load(String name) throws IOException {
        return Tokenizer.load(Fixtures.copy(name, temporary.resolve(name)));
    }

    private static int wrongRows(Tokenizer tokenizer, JsonNode rows) throws IOException {
        int wrong = 0;
        for (JsonNode row : rows) {
            int[] ids = tokenizer.encodeUnpadded(row.path("text").asText());
            wrong += Arrays.equals(ints(row.path("ids")), ids) ? 0 : 1;
        }
        return wrong;
    }

    private static int[] ints(JsonNode array) throws IOException {
        return TokenizerFolder.JSON.treeToValue(array, int[].class);
    }
}
