package dev.stanstudio.adapter.project;

/**
 * The number of features that a token keeps, and the score that ranks them. Immutable.
 *
 * @param features l, rows of the encoder
 * @param kept k of the features of a group that stay
 * @param groups equal parts of the features, each with a top-k of its own
 * @param selection by what features are ranked
 * @param joining how many dead features of a group join while STAN is trained with revival
 */
public record TopK(long features, long kept, int groups, Selection selection, int joining) {
    /** Refuses counts that cannot work. */
    public TopK {
        if (features < 1 || groups < 1 || features % groups != 0) {
            throw new IllegalArgumentException(
                    "l = %d features cannot be cut into %d groups".formatted(features, groups));
        }
        long most = features / groups;
        if (joining < 0 || joining > most) {
            throw new IllegalArgumentException(
                    "dead features that join must be 0 … l = %d, not %d".formatted(most, joining));
        }
        if (kept < 1 || kept > most) {
            throw new IllegalArgumentException(
                    "k must be 1 … l = %d, not %d".formatted(most, kept));
        }
    }

    /** Returns {@code features} that all stay. */
    static TopK all(long features) {
        return new TopK(features, features, 1, Selection.VALUE, 0);
    }
}
