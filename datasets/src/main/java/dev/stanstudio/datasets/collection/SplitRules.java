package dev.stanstudio.datasets.collection;

/**
 * Rules by which a collection is split.
 *
 * @param ratios the sizes of the parts
 * @param seed which pictures go where; the same seed and pictures give the same parts
 * @param byArtist whether all pictures of an artist stay together
 * @param distance bits by which the hashes of pictures that count as the same may differ, see
 *     {@link NearPictures}; 0 for equal hashes only
 */
public record SplitRules(SplitRatios ratios, long seed, boolean byArtist, int distance) {
    /** Checks the distance. */
    public SplitRules {
        if (distance < 0 || distance > NearPictures.MAX_DISTANCE) {
            throw new IllegalArgumentException(
                    "distance " + distance + " is not between 0 and " + NearPictures.MAX_DISTANCE);
        }
    }

    /** 90/5/5 by picture. */
    public static final SplitRules DEFAULTS =
            new SplitRules(new SplitRatios(90, 5, 5), 0, false, NearPictures.DEFAULT_DISTANCE);
}
