package dev.stanstudio.adapter.project;

/**
 * The top-k rule of a module: of its l features the k with the largest scores are active for a
 * token, and all others are zero. Immutable.
 *
 * @param features l, the number of rows of the encoder
 * @param active k, the number of active features of each group
 * @param groups the number of equal groups of features, each with a top-k of its own
 * @param selection the score that ranks features
 * @param revived the number of dead features of a group that are added for each token while STAN is
 *     trained with revival
 */
public record TopK(long features, long active, int groups, Selection selection, int revived) {
    /** Refuses counts that cannot work. */
    public TopK {
        if (features < 1 || groups < 1 || features % groups != 0) {
            throw new IllegalArgumentException(
                    "l = %d features cannot be cut into %d groups".formatted(features, groups));
        }
        long most = features / groups;
        if (revived < 0 || revived > most) {
            throw new IllegalArgumentException(
                    "revived features must be 0 … l = %d, not %d".formatted(most, revived));
        }
        if (active < 1 || active > most) {
            throw new IllegalArgumentException(
                    "k must be 1 … l = %d, not %d".formatted(most, active));
        }
    }

    /** Returns the rule by which all of {@code features} are active. */
    static TopK all(long features) {
        return new TopK(features, features, 1, Selection.VALUE, 0);
    }
}
