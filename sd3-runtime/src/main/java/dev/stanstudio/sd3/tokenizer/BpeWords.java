package dev.stanstudio.sd3.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives words of their own token in a vocabulary that exists. The merges come after all others and
 * grow from a word's end, so that only texts with words of the same ending are cut differently.
 */
final class BpeWords {
    private static final Pattern WORDS = Pattern.compile(ClipDefinition.PIECES);

    private final List<BpeVocabulary.Merge> merges;
    private final Map<BpeVocabulary.Merge, Integer> ranks = new HashMap<>();

    private BpeWords(List<BpeVocabulary.Merge> merges) {
        this.merges = new ArrayList<>(merges);
        for (int i = 0; i < merges.size(); i++) {
            ranks.put(merges.get(i), i);
        }
    }

    /** Returns {@code vocabulary} with a token for each word of {@code texts}. */
    static BpeVocabulary add(BpeVocabulary vocabulary, Iterable<String> texts) {
        BpeWords words = new BpeWords(vocabulary.merges());
        for (String text : texts) {
            Matcher matcher = WORDS.matcher(text.toLowerCase(Locale.ROOT));
            while (matcher.find()) {
                words.add(matcher.group());
            }
        }
        return new BpeVocabulary(words.merges);
    }

    private void add(String word) {
        List<String> symbols = cut(word);
        while (symbols.size() > 1) {
            String right = symbols.remove(symbols.size() - 1);
            String left = symbols.remove(symbols.size() - 1);
            BpeVocabulary.Merge merge = new BpeVocabulary.Merge(left, right);
            ranks.put(merge, merges.size());
            merges.add(merge);
            symbols.add(left + right);
        }
    }

    /** Cuts a word as tokenizers do: the merge learned first is made first. */
    private List<String> cut(String word) {
        List<String> symbols = BpeTrainer.symbols(word);
        while (true) {
            int best = -1;
            int rank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                var pair = new BpeVocabulary.Merge(symbols.get(i), symbols.get(i + 1));
                int own = ranks.getOrDefault(pair, Integer.MAX_VALUE);
                if (own < rank) {
                    rank = own;
                    best = i;
                }
            }
            if (best < 0) {
                return symbols;
            }
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
    }
}
