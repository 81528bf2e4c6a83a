package dev.stanstudio.adapter.kind;

import dev.stanstudio.base.ArgumentException;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Blocks of a transformer.
 *
 * @param numbers from 0; empty for all blocks and the modules outside of them
 */
public record BlockSet(SortedSet<Integer> numbers) {
    /** Every module, inside of blocks or not. */
    public static final BlockSet ALL = new BlockSet(new TreeSet<>());

    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?");

    /** Keeps a copy. */
    public BlockSet {
        numbers = Collections.unmodifiableSortedSet(new TreeSet<>(numbers));
    }

    /**
     * Reads numbers and ranges such as {@code 0-11,13}.
     *
     * @throws ArgumentException if a part is neither
     */
    public static BlockSet parse(String text) {
        SortedSet<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part.strip());
            if (!range.matches()) {
                throw new ArgumentException(
                        "blocks are numbers and ranges such as 0-11,13, not '" + part + "'");
            }
            int from = Integer.parseInt(range.group(1));
            int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
            if (to < from) {
                throw new ArgumentException("the range of blocks '" + part + "' runs backwards");
            }
            for (int i = from; i <= to; i++) {
                numbers.add(i);
            }
        }
        return new BlockSet(numbers);
    }

    /** Returns whether there is no restriction. */
    public boolean isAll() {
        return numbers.isEmpty();
    }
}
