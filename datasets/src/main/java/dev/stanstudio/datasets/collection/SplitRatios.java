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
 * @param references pictures that generated ones are compared with; 0 for no such part
 */
public record SplitRatios(int train, int validation, int test, int references) {
    /** The names of the parts, in the order of the ratios. */
    public static final List<String> NAMES = List.of("train", "validation", "test", "references");

    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,6})/(\\d{1,6})/(\\d{1,6})(?:/(\\d{1,6}))?");

    /** Checks that there is something to train on. */
    public SplitRatios {
        if (train < 1 || validation < 0 || test < 0 || references < 0) {
            throw new IllegalArgumentException(
                    "ratios %s/%s/%s need at least 1 for train and no negative number"
                            .formatted(train, validation, test));
        }
    }

    /** Creates ratios without a part for references. */
    public SplitRatios(int train, int validation, int test) {
        this(train, validation, test, 0);
    }

    /** Returns the names of the parts that there are. */
    List<String> parts() {
        return references > 0 ? NAMES : NAMES.subList(0, NAMES.size() - 1);
    }

    /**
     * Ratios from a text like {@code 90/5/5}, or {@code 70/5/10/15} with a part for references.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static SplitRatios parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "ratios \""
                            + text
                            + "\" are not like 90/5/5 (train/validation/test)"
                            + " or 70/5/10/15 (with references)");
        }
        return new SplitRatios(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                parts.group(4) == null ? 0 : Integer.parseInt(parts.group(4)));
    }

    /** The share of part {@code index} of {@link #NAMES}, 0 to 1. */
    double share(int index) {
        int[] all = {train, validation, test, references};
        return all[index] / ((double) train + validation + test + references);
    }
}
