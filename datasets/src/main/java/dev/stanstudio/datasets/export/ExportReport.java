package dev.stanstudio.datasets.export;

import java.util.List;

/**
 * Reports what an export did.
 *
 * @param format the layout
 * @param written pictures written now
 * @param kept pictures that an earlier run had written
 * @param skipped pictures left out because they are missing or damaged
 * @param problems the first {@link #MAX_PROBLEMS} of them, named, with the reason
 */
public record ExportReport(
        String format, long written, long kept, long skipped, List<String> problems) {
    /** Most problems that are kept word by word. */
    public static final int MAX_PROBLEMS = 1000;
}
