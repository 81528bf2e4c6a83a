package dev.stanstudio.base.image;

import java.util.Arrays;

/** Reads the tables of the VP8 format from their text. */
final class Vp8Numbers {
    private Vp8Numbers() {}

    /** Returns the numbers of a text, of which there are {@code count}. */
    static int[] of(String text, int count) {
        int[] numbers =
                Arrays.stream(text.trim().split("\\s+")).mapToInt(Integer::parseInt).toArray();
        if (numbers.length != count) {
            throw new IllegalArgumentException(
                    "%d numbers in a table of %d".formatted(numbers.length, count));
        }
        return numbers;
    }
}
