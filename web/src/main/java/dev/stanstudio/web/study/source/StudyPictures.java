package dev.stanstudio.web.study.source;

import dev.stanstudio.base.MethodNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Pictures to be compared: a row for each prompt, style and seed, with one picture of every method.
 * They start from the manifest, or the folders, and not from a {@link
 * dev.stanstudio.web.matrix.PictureMatrix}, since that multiplies what is still to be drawn, while
 * these are files that exist: maybe drawn by another program, with no adapter or seed known, of
 * several matrices, or with gaps.
 *
 * @param leftOut prompts of rows that were left out since a method had no picture
 * @param ambiguous prompts of rows whose pictures carry different ones, of which the first is shown
 */
public record StudyPictures(
        List<String> methods, List<Row> rows, List<String> leftOut, List<String> ambiguous) {
    private static final int MOST_NAMED = 3;
    private static final int LONGEST_NAME = 60;

    /** Copies the lists. */
    public StudyPictures {
        methods = List.copyOf(methods);
        rows = List.copyOf(rows);
        leftOut = List.copyOf(leftOut);
        ambiguous = List.copyOf(ambiguous);
    }

    /** Returns the number of rows that were left out since a method had no picture. */
    public int incomplete() {
        return leftOut.size();
    }

    /** Returns the number of rows whose pictures carry different prompts. */
    public int differing() {
        return ambiguous.size();
    }

    /** Returns sentences about rows that are left out or ambiguous, with a few of their prompts. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (!leftOut.isEmpty()) {
            notes.add(
                    "%s left out, since not every method has a picture of %s: %s."
                            .formatted(
                                    incomplete() == 1
                                            ? "1 prompt is"
                                            : incomplete() + " prompts are",
                                    incomplete() == 1 ? "it" : "them",
                                    some(leftOut)));
        }
        if (!ambiguous.isEmpty()) {
            notes.add(
                    "Of %s the methods’ pictures carry different texts; voters read that of %s: %s."
                            .formatted(
                                    differing() == 1 ? "1 prompt" : differing() + " prompts",
                                    MethodNames.quoted(methods.get(0)),
                                    some(ambiguous)));
        }
        return notes;
    }

    private static String some(List<String> prompts) {
        String named =
                prompts.stream()
                        .limit(MOST_NAMED)
                        .map(StudyPictures::quoted)
                        .collect(Collectors.joining(", "));
        int more = prompts.size() - MOST_NAMED;
        return more > 0 ? "%s and %d more".formatted(named, more) : named;
    }

    private static String quoted(String prompt) {
        boolean tooLong = prompt.codePointCount(0, prompt.length()) > LONGEST_NAME;
        return tooLong
                ? "“" + prompt.substring(0, prompt.offsetByCodePoints(0, LONGEST_NAME)) + "…”"
                : "“" + prompt + "”";
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
