package dev.stanstudio.datasets.importer;

import java.util.List;

/**
 * Reports what an import did.
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
 * @param files all files of the source
 * @param aside how many of them hold no picture and no label, and were left aside by rule: read-me
 *     files, lists of checksums, hidden files and the like
 */
public record ImportReport(
        String format,
        long imported,
        long alreadyThere,
        long stylesAdded,
        long skipped,
        List<Problem> problems,
        List<String> notes,
        long total,
        long files,
        long aside) {
    /** Most problems that are kept word by word. */
    public static final int MAX_PROBLEMS = 1000;
}
