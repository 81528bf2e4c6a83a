package dev.stanstudio.sd3.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns CLIP's byte-pair encoding from texts (Sennrich et al. 2016; openai/CLIP
 * simple_tokenizer.py): words are bytes, the last one marked; again and again the pair that occurs
 * most becomes a token. Of pairs as frequent the first by code points wins, so that equal texts
 * give equal vocabularies.
 */
public final class BpeTrainer {
    /** A pair seen less often than this stays two tokens. */
    private static final int LEAST = 2;

    private static final Pattern WORDS = Pattern.compile(ClipDefinition.PIECES);
    private static final Comparator<BpeVocabulary.Merge> BY_TEXT =
            Comparator.comparing(BpeVocabulary.Merge::left)
                    .thenComparing(BpeVocabulary.Merge::right);

    private record Word(List<String> symbols, long count) {}

    private final List<Word> words = new ArrayList<>();

    private BpeTrainer() {}

    /**
     * Learns from {@code texts}.
     *
     * @param size tokens at most, the bytes and the two ends of a text among them
     */
    public static BpeVocabulary train(Iterable<String> texts, int size) {
        BpeTrainer trainer = new BpeTrainer();
        counts(texts).forEach((word, count) -> trainer.words.add(new Word(symbols(word), count)));
        List<BpeVocabulary.Merge> merges = new ArrayList<>();
        int room = size - BpeVocabulary.FIXED_TOKENS;
        while (merges.size() < room) {
            BpeVocabulary.Merge best = trainer.mostFrequent();
            if (best == null) {
                break;
            }
            merges.add(best);
            trainer.apply(best);
        }
        return new BpeVocabulary(merges);
    }

    private static Map<String, Long> counts(Iterable<String> texts) {
        Map<String, Long> counts = new TreeMap<>();
        for (String text : texts) {
            Matcher matcher = WORDS.matcher(text.toLowerCase(Locale.ROOT));
            while (matcher.find()) {
                counts.merge(matcher.group(), 1L, Long::sum);
            }
        }
        return counts;
    }

    /** The bytes of a word, the last one marked. */
    static List<String> symbols(String word) {
        List<String> symbols = new ArrayList<>();
        for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
            symbols.add(BpeVocabulary.symbol(value & 0xFF));
        }
        int last = symbols.size() - 1;
        symbols.set(last, symbols.get(last) + ClipDefinition.WORD_END);
        return symbols;
    }

    private BpeVocabulary.@org.jspecify.annotations.Nullable Merge mostFrequent() {
        Map<BpeVocabulary.Merge, Long> pairs = new HashMap<>();
        for (Word word : words) {
            List<String> symbols = word.symbols();
            for (int i = 0; i + 1 < symbols.size(); i++) {
                pairs.merge(
                        new BpeVocabulary.Merge(symbols.get(i), symbols.get(i + 1)),
                        word.count(),
                        Long::sum);
            }
        }
        return pairs.entrySet().stream()
                .filter(entry -> entry.getValue() >= LEAST)
                .min(
                        Map.Entry.<BpeVocabulary.Merge, Long>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry::getKey, BY_TEXT))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private void apply(BpeVocabulary.Merge merge) {
        for (Word word : words) {
            List<String> symbols = word.symbols();
            for (int i = 0; i + 1 < symbols.size(); i++) {
                if (symbols.get(i).equals(merge.left())
                        && symbols.get(i + 1).equals(merge.right())) {
                    symbols.set(i, merge.left() + merge.right());
                    symbols.remove(i + 1);
                }
            }
        }
    }
}
