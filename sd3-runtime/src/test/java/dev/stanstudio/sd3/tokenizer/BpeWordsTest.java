package dev.stanstudio.sd3.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeWordsTest {
    private static final List<String> TEXTS =
            List.of("a red cat", "A red boat, a cat", "two red boats at sea", "a ban");
    private static final BpeVocabulary OLD = BpeTrainer.train(TEXTS, 2000);
    private static final List<String> NEW = List.of("stained glass", "banana", "Redcat");
    private static final BpeVocabulary GROWN = OLD.withWords(NEW);

    @TempDir Path folder;

    private int[] ids(BpeVocabulary vocabulary, String text) {
        vocabulary.write(folder, 36, BpeVocabulary.END);
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            return tokenizer.encodeUnpadded(text);
        }
    }

    @Test
    void newWordIsOneTokenBeforeStartAndEnd() {
        List<String> tokens = GROWN.tokens();
        for (String word : List.of("stained", "glass", "banana", "redcat")) {
            int id = tokens.indexOf(word + "</w>");
            assertTrue(id >= OLD.start(), word + " has id " + id);
            assertArrayEquals(
                    new int[] {GROWN.start(), id, GROWN.end()}, ids(GROWN, "  " + word), word);
        }
        assertEquals(GROWN.size() - 1, GROWN.end(), "the end has the largest id");
    }

    @Test
    void otherTextsAreCutAsBefore() {
        for (String text : TEXTS) {
            int[] before = ids(OLD, text);
            int[] after = ids(GROWN, text);
            for (int i = 1; i + 1 < before.length; i++) {
                assertEquals(before[i], after[i], text);
            }
            assertEquals(before.length, after.length, text);
        }
        assertEquals(OLD.merges(), GROWN.merges().subList(0, OLD.merges().size()));
    }

    @Test
    void wordsThatAreTokensAddNothing() {
        assertEquals(GROWN, GROWN.withWords(NEW));
        assertEquals(OLD, OLD.withWords(List.of("a red cat")));
    }

    @Test
    void readsWhatIsWritten() throws IOException {
        GROWN.write(folder, 9, BpeVocabulary.END);
        assertEquals(GROWN, BpeVocabulary.read(folder));
        Path ids = folder.resolve("vocab.json");
        Files.writeString(ids, Files.readString(ids).replace("banana</w>", "bananas</w>"));
        UserException e = assertThrows(UserException.class, () -> BpeVocabulary.read(folder));
        assertTrue(e.getMessage().startsWith(ids + ": its ids do not follow"), e.getMessage());
    }
}
