package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Lists of numbers on the command line: {@code 1,2,3}. */
final class Numbers {
    private Numbers() {}

    static List<Integer> integers(String option, String text) {
        return list(option, text, Integer::parseInt);
    }

    static List<Double> doubles(String option, String text) {
        return list(option, text, Double::parseDouble);
    }

    private static <T> List<T> list(String option, String text, Function<String, T> parse) {
        List<T> numbers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            try {
                numbers.add(parse.apply(part.strip()));
            } catch (NumberFormatException e) {
                throw new ArgumentException(
                        option + " takes numbers with commas between, not '" + text + "'", e);
            }
        }
        return numbers;
    }
}
