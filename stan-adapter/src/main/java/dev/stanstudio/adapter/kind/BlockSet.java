package dev.stanstudio.adapter.kind;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.mmdit.BlockRange;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Blocks of a transformer.
 *
 * @param numbers from 0; empty for all blocks and the modules outside of them
 */
public record BlockSet(NavigableSet<Integer> numbers) {
    /** Every module, inside of blocks or not. */
    public static final BlockSet ALL = new BlockSet(new TreeSet<>());

    /** Keeps a copy. */
    public BlockSet {
        numbers = Collections.unmodifiableNavigableSet(new TreeSet<>(numbers));
    }

    /**
     * Reads numbers and ranges such as {@code 0-11,13}.
     *
     * @throws ArgumentException if a part is neither
     */
    public static BlockSet parse(String text) {
        NavigableSet<Integer> numbers = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            BlockRange.read(part)
                    .orElseThrow(
                            () ->
                                    new ArgumentException(
                                            "blocks are numbers and ranges such as 0-11,13, not '%s'"
                                                    .formatted(part)))
                    .numbers()
                    .forEach(numbers::add);
        }
        return new BlockSet(numbers);
    }

    /** Returns whether there is no restriction. */
    public boolean isAll() {
        return numbers.isEmpty();
    }
}
