package dev.stanstudio.datasets.collection;

import java.util.List;
import java.util.Map;

/**
 * Counts what a collection holds.
 *
 * @param pictures lines of the list
 * @param styles pictures per style; one in several styles counts in each
 * @param inSeveralStyles pictures with more than one style
 * @param overlaps pairs of styles that share at least half the pictures of the smaller one: often
 *     the same download under two names
 * @param splits pictures per split, {@code (none)} where a picture has none
 * @param licences pictures per licence, {@code (none)} where none is stated
 * @param artists different artists
 * @param width in pixels
 * @param height in pixels
 * @param shortSides pictures by the length of their shorter side in pixels
 * @param shapes pictures by width divided by height
 * @param captionWords words per caption
 * @param captionLengths captions by their number of words
 * @param equalCaptions pictures whose caption another picture before has too
 * @param withoutContent pictures of which nothing but the style is known
 * @param duplicates lines whose bytes another line before has too
 * @param lookAlikes further pictures that look like one before ({@link
 *     dev.stanstudio.datasets.collection.NearPictures})
 * @param lookAlikeGroups the files of the first {@link #MAX_NAMED} groups of them
 * @param unhashed pictures whose look is not known, since they were imported without decoding
 * @param leaks groups of pictures that belong together ({@link
 *     dev.stanstudio.datasets.collection.PictureGroups}) but lie in different splits
 * @param missing pictures whose file is not there, by name, the first {@link #MAX_NAMED}
 * @param missingCount how many there are
 */
public record CollectionStatistics(
        long pictures,
        Map<String, Long> styles,
        long inSeveralStyles,
        List<Overlap> overlaps,
        Map<String, Long> splits,
        Map<String, Long> licences,
        long artists,
        Range width,
        Range height,
        Map<String, Long> shortSides,
        Map<String, Long> shapes,
        Range captionWords,
        Map<String, Long> captionLengths,
        long equalCaptions,
        long withoutContent,
        long duplicates,
        long lookAlikes,
        List<List<String>> lookAlikeGroups,
        long unhashed,
        long leaks,
        List<String> missing,
        long missingCount) {
    /** Most missing files, or groups of look-alikes, that are named. */
    public static final int MAX_NAMED = 20;

    /** Smallest, middle and largest value; the lower one of two middle values. */
    public record Range(int min, int median, int max) {}

    /** Two styles, in alphabetic order, and the pictures in both. */
    public record Overlap(String first, String second, long pictures) {}

    /**
     * Counts {@code collection}; reads its list once and looks whether every file is there.
     *
     * @throws dev.stanstudio.base.UserException when the list cannot be read or is empty
     */
    public static CollectionStatistics of(StyleCollection collection) {
        StatisticsCounter counter = new StatisticsCounter(collection);
        collection.forEach(counter::count);
        return counter.result();
    }
}
