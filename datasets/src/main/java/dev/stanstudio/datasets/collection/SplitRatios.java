package dev.stanstudio.datasets.collection;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shares of a collection that its parts get; only the proportions matter.
 *
 * @param train pictures to train on
 * @param validation pictures to watch the training with
 * @param test pictures for the last word
 */
public record SplitRatios(int train, int validation, int test) {
    /** The names of the parts, in the order of the ratios. */
    public static final List<String> NAMES = List.of("train", "validation", "test");

    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})/(\\d{1,6})/(\\d{1,6})");

    /** Checks that there is something to train on. */
    public SplitRatios {
        if (train < 1 || validation < 0 || test < 0) {
            throw new IllegalArgumentException(
                    "ratios %s/%s/%s need at least 1 for train and no negative number"
                            .formatted(train, validation, test));
        }
    }

    /**
     * Ratios from a text like {@code 90/5/5}.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static SplitRatios parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "ratios \"" + text + "\" are not like 90/5/5 (train/validation/test)");
        }
        return new SplitRatios(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)));
    }

    /** The share of part {@code index} of {@link #NAMES}, 0 to 1. */
    double share(int index) {
        int[] all = {train, validation, test};
        return all[index] / ((double) train + validation + test);
    }
}
