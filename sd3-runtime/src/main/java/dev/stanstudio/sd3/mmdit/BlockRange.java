package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.base.ArgumentException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Blocks of a transformer that follow each other, from 0.
 *
 * @param last at least {@code first}
 */
public record BlockRange(int first, int last) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    /** Refuses ranges that run backwards. */
    public BlockRange {
        if (first < 0 || last < first) {
            throw new ArgumentException(
                    "the range of blocks '%d-%d' runs backwards".formatted(first, last));
        }
    }

    /**
     * Reads {@code 0-11} or {@code 13}; empty for other texts.
     *
     * @throws ArgumentException if the range runs backwards
     */
    public static Optional<BlockRange> read(String text) {
        Matcher range = TEXT.matcher(text.strip());
        if (!range.matches()) {
            return Optional.empty();
        }
        int first = Integer.parseInt(range.group(1));
        return Optional.of(
                new BlockRange(
                        first, range.group(2) == null ? first : Integer.parseInt(range.group(2))));
    }

    /** Returns the numbers of the blocks. */
    public IntStream numbers() {
        return IntStream.rangeClosed(first, last);
    }

    /** Returns the text that {@link #read} takes. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
