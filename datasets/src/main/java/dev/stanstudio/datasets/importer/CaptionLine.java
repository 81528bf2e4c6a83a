package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.source.FileKinds;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of a list of captions as Flickr8k and Flickr30k have it: {@code a.jpg#0<TAB>caption},
 * {@code a.jpg,caption} or {@code a.jpg| 0| caption}. Quotes around a caption are taken off.
 *
 * @param file the picture's name or path
 * @param caption never blank
 */
record CaptionLine(String file, String caption) {
    private static final Pattern LINE =
            Pattern.compile(
                    "\\s*([^\\t,|#]+?\\.\\w{3,10})(?:#\\d+)?\\s*([\\t,|])(.*)", Pattern.DOTALL);

    /** The caption's number as a column of its own. */
    private static final Pattern NUMBER = Pattern.compile("\\s*\\d+\\s*[\\t|]");

    /** Returns whether a text of this name may be such a list. */
    static boolean mayList(Member member) {
        String name = member.name().toLowerCase(Locale.ROOT);
        boolean text = name.endsWith(".txt") || name.endsWith(".token");
        return text && (name.contains("caption") || name.contains("token"));
    }

    /** Reads a line; null where it does not begin with a picture's name or says nothing of it. */
    static @Nullable CaptionLine of(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches() || !FileKinds.isPicture(parts.group(1))) {
            return null;
        }
        String caption = unquoted(text(parts.group(3)));
        return caption.isBlank() ? null : new CaptionLine(parts.group(1), caption);
    }

    private static String text(String rest) {
        Matcher number = NUMBER.matcher(rest);
        return (number.lookingAt() ? rest.substring(number.end()) : rest).strip();
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1).replace("\"\"", "\"").strip() : text;
    }
}
