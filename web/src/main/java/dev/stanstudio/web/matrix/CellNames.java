package dev.stanstudio.web.matrix;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.base.UserException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names cells: in files, in downloads and above columns. */
public final class CellNames {
    private static final String FOLDER_NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*";
    private static final int LONGEST_SLUG = 40;
    private static final int LONGEST_DOWNLOAD = 60;
    private static final int SHORT_ID = 8;

    private CellNames() {}

    /**
     * Refuses the name of a method that cannot name a folder.
     *
     * @throws UserException that names the method
     */
    public static void requireFolderName(String method) {
        if (!method.matches(FOLDER_NAME)) {
            throw new UserException(
                    "the method '%s' needs a name of letters and digits".formatted(method));
        }
    }

    /** Returns {@code METHOD/ROW-WORDS-SEED.png}. */
    static String file(MatrixCell cell) {
        return String.format(
                Locale.ROOT,
                "%s/%03d-%s-%d.png",
                folder(cell),
                cell.row(),
                slug(cell.pair().label()),
                cell.seed());
    }

    private static String folder(MatrixCell cell) {
        return cell.at().isEmpty()
                ? cell.method()
                : joined(cell.by().name(), cell.at().stream().map(AxisChoice::fileWords))
                        .replace("<=", "max")
                        .replace('×', 'x')
                        .replace("=+", "-plus-")
                        .replaceAll("[^\\p{L}\\p{N}._-]+", "-");
    }

    /** Returns the name of a method at values of axes. */
    static String varied(String method, List<AxisChoice> at) {
        return joined(method, at.stream().map(AxisChoice::words));
    }

    private static String joined(String method, Stream<String> values) {
        return Stream.concat(Stream.of(method), values)
                .collect(Collectors.joining(MethodNames.BETWEEN));
    }

    private static String slug(String words) {
        String slug = words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return shortened(slug, LONGEST_SLUG).replaceAll("^-|-$", "");
    }

    /**
     * Returns the name under which a picture is downloaded.
     *
     * @param id of the picture, whose beginning tells it from equal ones
     */
    public static String download(String prompt, String style, long seed, String id) {
        String words =
                (prompt + " " + style).replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
        return String.format(
                Locale.ROOT,
                "%s-%d-%s.png",
                shortened(words, LONGEST_DOWNLOAD),
                seed,
                shortened(id, SHORT_ID));
    }

    private static String shortened(String text, int most) {
        return text.substring(0, Math.min(text.length(), most));
    }

    /** Returns the name of a style on pages; that of no style too. */
    public static String style(String words) {
        return words.isBlank() ? "plain" : StyleNames.shown(words);
    }
}
