package dev.stanstudio.datasets.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.datasets.collection.StyleItem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A picture to be exported.
 *
 * @param item the picture
 * @param caption its caption
 * @param part folder or name of its part of the collection, empty where nothing is split
 * @param stem its file name without extension, unique in the export
 * @param extension of its file, lower case, without the dot
 */
record Entry(StyleItem item, String caption, String part, String stem, String extension) {
    private static final Pattern ARCHIVE =
            Pattern.compile(
                    "(?:/|[A-Za-z]:/).*?([^/]+\\.(?:zip|tar|tar\\.gz|tgz|tar\\.zst|tzst):.*)",
                    Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** The file's name. */
    String name() {
        return stem + "." + extension;
    }

    /**
     * Returns what goes out about it as JSON: as {@link #json}, but where it came from without the
     * folders of this machine.
     */
    ObjectNode published(String fileName) {
        return json(fileName).put("source", source(item.source()));
    }

    /** The file's name; of a member, the archive's name and the path inside. */
    private static String source(String source) {
        String slashed = source.replace('\\', '/');
        Matcher archive = ARCHIVE.matcher(slashed);
        if (archive.matches()) {
            return archive.group(1);
        }
        return slashed.startsWith("/") || slashed.matches("[A-Za-z]:/.*")
                ? slashed.substring(slashed.lastIndexOf('/') + 1)
                : source;
    }

    /** Returns its labels, for a label file that names the picture {@code fileName}. */
    ObjectNode json(String fileName) {
        return item.toJson().put("file_name", fileName).put("text", caption);
    }
}
