package dev.stanstudio.web.study.source;

import java.nio.file.Path;
import java.util.List;

/**
 * Pictures to be compared: a row for each prompt, style and seed, with one picture of every method.
 * They start from the manifest, or the folders, and not from a {@link
 * dev.stanstudio.web.matrix.PictureMatrix}, since that multiplies what is still to be drawn, while
 * these are files that exist: maybe drawn by another program, with no adapter or seed known, of
 * several matrices, or with gaps.
 *
 * @param incomplete rows that were left out since a method had no picture
 * @param differing rows whose pictures carry different prompts, of which the first is shown
 */
public record StudyPictures(List<String> methods, List<Row> rows, int incomplete, int differing) {
    /** Copies the lists. */
    public StudyPictures {
        methods = List.copyOf(methods);
        rows = List.copyOf(rows);
    }

    /**
     * One prompt, style and seed.
     *
     * @param pictures in the order of the methods
     */
    public record Row(String prompt, String style, String seed, List<Path> pictures) {
        /** Copies the list. */
        public Row {
            pictures = List.copyOf(pictures);
        }
    }

    /** A picture with its method, prompt, style and seed. */
    public record Entry(String method, String prompt, String style, String seed, Path file) {}
}
