package dev.stanstudio.sd3.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {
    private static final List<String> TEXTS =
            List.of("a red cat", "A red boat, a cat", "two red boats at sea", "café");

    private static BpeVocabulary learn(int size) {
        return BpeTrainer.train(TEXTS, size);
    }

    @Test
    void theMostFrequentPairComesFirst() {
        List<BpeVocabulary.Merge> merges = learn(2000).merges();
        // "a t" of cat and boat and at: 5 with the end of a word; "e d</w>" and "r e": 3 each
        assertEquals(new BpeVocabulary.Merge("a", "t</w>"), merges.get(0));
        assertEquals(new BpeVocabulary.Merge("e", "d</w>"), merges.get(1));
        assertEquals(new BpeVocabulary.Merge("r", "ed</w>"), merges.get(2));
    }

    @Test
    void theOrderOfTheTextsDoesNotMatter() {
        List<String> other = new java.util.ArrayList<>(TEXTS);
        Collections.reverse(other);
        assertEquals(learn(2000), BpeTrainer.train(other, 2000));
    }

    @Test
    void noMoreTokensThanAskedFor() {
        assertEquals(BpeVocabulary.FIXED_TOKENS + 2, learn(BpeVocabulary.FIXED_TOKENS + 2).size());
        assertEquals(BpeVocabulary.FIXED_TOKENS, learn(0).size());
    }

    @Test
    void theTokenizerReadsWhatIsWritten(@TempDir Path folder) {
        BpeVocabulary vocabulary = learn(2000);
        vocabulary.write(folder, 9, BpeVocabulary.END);
        List<String> tokens = vocabulary.tokens();
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            assertEquals(OptionalInt.of(9), tokenizer.modelMaxLength());
            int start = vocabulary.start();
            int end = vocabulary.end();
            int red = tokens.indexOf("red</w>");
            int a = tokens.indexOf("a</w>");
            int cat = tokens.indexOf("cat</w>");
            assertArrayEquals(
                    new int[] {start, a, red, cat, end, end, end, end, end},
                    tokenizer.encode("A RED cat", 9).ids());
            for (String text : List.of("a red cat", "zebra 42 ?!", "ünïcode ☃ 漢字")) {
                int[] ids = tokenizer.encodeUnpadded(text);
                StringBuilder read = new StringBuilder();
                for (int i = 1; i < ids.length - 1; i++) {
                    read.append(tokens.get(ids[i]));
                }
                assertEquals(bytes(text), read.toString().replace("</w>", ""));
            }
        }
    }

    /** The text without spaces, in the characters that stand for its bytes. */
    private static String bytes(String text) {
        StringBuilder symbols = new StringBuilder();
        for (byte b : text.replace(" ", "").getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            symbols.append(BpeVocabulary.symbol(b & 0xFF));
        }
        return symbols.toString();
    }

    @Test
    void theSecondTokenizerPadsWithAnExclamationMark(@TempDir Path folder) {
        BpeVocabulary vocabulary = learn(2000);
        vocabulary.write(folder, 5, BpeVocabulary.EXCLAMATION);
        assertEquals(0, vocabulary.padding(BpeVocabulary.EXCLAMATION));
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            int[] ids = tokenizer.encode("cat", 5).ids();
            assertEquals(vocabulary.end(), ids[2]);
            assertEquals(0, ids[3]);
            assertEquals(0, ids[4]);
        }
    }

    @Test
    void idsAreThoseOfClipForSingleBytes() {
        List<String> tokens = learn(0).tokens();
        assertEquals("!", tokens.get(0));
        assertEquals("a", tokens.get(64));
        assertEquals("Ā", tokens.get(188));
        assertEquals("!</w>", tokens.get(256));
        assertTrue(tokens.containsAll(List.of("<|startoftext|>", "<|endoftext|>")));
        assertEquals(tokens.size(), List.copyOf(new java.util.HashSet<>(tokens)).size());
    }
}
