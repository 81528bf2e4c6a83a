package dev.stanstudio.datasets.importer;

import java.util.List;

/**
 * What an import did.
 *
 * @param format the layouts that were read, joined by commas
 * @param imported pictures taken into the collection
 * @param alreadyThere pictures whose bytes were in the collection already, from an earlier run or
 *     another place in the source
 * @param stylesAdded how many of those brought the picture a further style
 * @param skipped things not imported
 * @param problems the first {@link #MAX_PROBLEMS} of them
 * @param notes remarks about the source
 * @param total pictures in the collection now
 */
public record ImportReport(
        String format,
        long imported,
        long alreadyThere,
        long stylesAdded,
        long skipped,
        List<Problem> problems,
        List<String> notes,
        long total) {
    /** How many problems are kept word by word. */
    public static final int MAX_PROBLEMS = 1000;
}
