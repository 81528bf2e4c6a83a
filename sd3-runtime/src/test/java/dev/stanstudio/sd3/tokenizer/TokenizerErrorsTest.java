package dev.stanstudio.sd3.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every bad folder ends in one line that names the file and what to change. */
class TokenizerErrorsTest {
    @TempDir private Path temporary;
    private Path clip = Path.of("");
    private Path t5 = Path.of("");

    @BeforeEach
    void copyFixtures() throws IOException {
        clip = Fixtures.copy("clip", temporary.resolve("clip"));
        t5 = Fixtures.copy("t5", temporary.resolve("t5"));
    }

    @Test
    void noFolder() {
        Path absent = temporary.resolve("absent");
        assertEquals(
                absent + ": no such folder; give the folder that holds the tokenizer's files",
                failure(absent));
    }

    @Test
    void noTokenizerInTheFolder() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("vae"));
        assertEquals(
                folder
                        + ": no tokenizer here; expected vocab.json and merges.txt, or"
                        + " tokenizer.json",
                failure(folder));
    }

    @Test
    void onlyOneOfTheTwoFiles() throws IOException {
        Files.delete(clip.resolve("merges.txt"));
        assertNames(clip.resolve("merges.txt"), "missing", failure(clip));
        Files.createFile(clip.resolve("merges.txt"));
        Files.delete(clip.resolve("vocab.json"));
        assertNames(clip.resolve("vocab.json"), "missing", failure(clip));
    }

    @Test
    void onlyASentencePieceModel() throws IOException {
        Files.move(t5.resolve("tokenizer.json"), t5.resolve("spiece.model"));
        assertNames(t5.resolve("tokenizer.json"), "save_pretrained", failure(t5));
    }

    @Test
    void malformedJson() throws IOException {
        Files.writeString(clip.resolve("vocab.json"), "{\"a\": 1,\n\"b\" 2}");
        assertNames(clip.resolve("vocab.json"), "line 2, column 5", failure(clip));
        Files.writeString(clip.resolve("vocab.json"), "[1]");
        assertNames(clip.resolve("vocab.json"), "no JSON object", failure(clip));
        Files.writeString(clip.resolve("vocab.json"), "");
        assertNames(clip.resolve("vocab.json"), "no JSON object", failure(clip));
    }

    @Test
    void vocabularyWithBadIds() throws IOException {
        edit(clip.resolve("vocab.json"), json -> json.put("a", "x"));
        assertNames(clip.resolve("vocab.json"), "the id of \"a\" is \"x\"", failure(clip));
        edit(clip.resolve("vocab.json"), json -> json.put("a", 3));
        assertNames(clip.resolve("vocab.json"), "both have id 3", failure(clip));
    }

    @Test
    void mergesThatDoNotFit() throws IOException {
        Files.writeString(clip.resolve("merges.txt"), "#version: 0.2\nt h\nq zz\n");
        assertNames(clip.resolve("merges.txt"), "line 3 needs the token \"zz\"", failure(clip));
        Files.writeString(clip.resolve("merges.txt"), "t h e\n");
        assertNames(clip.resolve("merges.txt"), "line 1 holds 3 parts", failure(clip));
        Files.write(clip.resolve("merges.txt"), new byte[] {(byte) 0xff, 0x0a});
        assertNames(clip.resolve("merges.txt"), "not UTF-8", failure(clip));
    }

    @Test
    void tokensTheVocabularyLacks() throws IOException {
        Path config = clip.resolve("tokenizer_config.json");
        edit(config, json -> json.put("pad_token", "<nothing>"));
        assertNames(config, "pad_token is \"<nothing>\"", failure(clip));
        edit(config, json -> json.putObject("added_tokens_decoder").put("one", 1));
        assertNames(config, "entry \"one\" of the added tokens is 1", failure(clip));
    }

    @Test
    void anotherKindOfModel() throws IOException {
        edit(t5.resolve("tokenizer.json"), json -> json.putObject("model").putObject("vocab"));
        assertNames(t5.resolve("tokenizer.json"), "neither a byte-pair", failure(t5));
    }

    @Test
    void vocabularyOfPiecesWithoutScores() throws IOException {
        edit(
                t5.resolve("tokenizer.json"),
                json -> json.withObject("/model").putArray("vocab").add(1));
        assertNames(t5.resolve("tokenizer.json"), "entry 0 of the vocabulary", failure(t5));
    }

    @Test
    void modelTheLibraryRefuses() throws IOException {
        edit(t5.resolve("tokenizer.json"), json -> json.withObject("/model").put("unk_id", 9999));
        assertNames(t5, "UnkIdNotInVocabulary", failure(t5));
    }

    @Test
    void damagedCharacterMap() throws IOException {
        assertDamaged("%%%", "not base64");
        assertDamaged("", "does not have the length it states");
        assertDamaged(map(map -> map.putInt(0, map.capacity())), "the length it states");
        assertDamaged(map(map -> map.putInt(4, 0x1fffff << 10)), "unit 0 points outside");
        assertDamaged(map(map -> map.putInt(4, 0x100)), "unit 0 names no string");
        assertDamaged(map(map -> map.put(map.capacity() - 1, (byte) 0xff)), "not UTF-8");
    }

    private void assertDamaged(String characterMap, String why) throws IOException {
        edit(
                t5.resolve("tokenizer.json"),
                json -> {
                    ObjectNode step = (ObjectNode) json.at("/normalizer/normalizers/0");
                    step.put("precompiled_charsmap", characterMap);
                });
        assertNames(t5.resolve("tokenizer.json"), why, failure(t5));
    }

    private static String map(Consumer<ByteBuffer> damage) throws IOException {
        String sound =
                Fixtures.json(Fixtures.resource("t5").resolve("tokenizer.json"))
                        .at("/normalizer/normalizers/0/precompiled_charsmap")
                        .asText();
        byte[] bytes = Base64.getDecoder().decode(sound);
        damage.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) Fixtures.json(file);
        change.accept(json);
        TokenizerFolder.JSON.writeValue(file.toFile(), json);
    }

    private static String failure(Path folder) {
        return String.valueOf(
                assertThrows(UserException.class, () -> Tokenizer.load(folder)).getMessage());
    }

    private static void assertNames(Path file, String problem, String message) {
        assertTrue(message.startsWith(file + ": "), message);
        assertTrue(message.contains(problem), message);
        assertTrue(message.contains("; "), message);
        assertFalse(message.contains("\n"), message);
    }
}
