package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.stanstudio.base.Json;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The last line of A1111's parameter text: {@code Key: value} pairs joined by commas, values with
 * commas, colons or line breaks as JSON strings.
 */
final class SettingsLine {

    /** Some programs write numbers as their user's language does. */
    private static final Pattern DECIMAL_COMMA = Pattern.compile("-?[0-9]+,[0-9]+(?=,|$)");

    private SettingsLine() {}

    /** Returns true if the parser reads this key unchanged. */
    static boolean isKey(String key) {
        return key.length() >= 2
                && isWord(key.charAt(0))
                && key.chars().allMatch(SettingsLine::isInKey);
    }

    static String format(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + quoted(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    /**
     * The pairs of a line, skipping what is none. A value is a JSON string up to a comma or the
     * line's end, else whatever stands before the next comma.
     */
    static List<Map.Entry<String, String>> parse(String line) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            if (!isWord(line.charAt(at))) {
                at++;
                continue;
            }
            int colon = at;
            while (colon < line.length() && isInKey(line.charAt(colon))) {
                colon++;
            }
            boolean isPair = colon < line.length() && line.charAt(colon) == ':' && colon - at >= 2;
            if (!isPair) {
                at = colon;
                continue;
            }
            int start = skipBlanks(line, colon + 1);
            int end = valueEnd(line, start);
            pairs.add(Map.entry(line.substring(at, colon), unquoted(line.substring(start, end))));
            at = end + 1;
        }
        return pairs;
    }

    /** Returns the end of the value that begins at {@code start}: at a comma or the line's end. */
    private static int valueEnd(String line, int start) {
        int closing = closingQuote(line, start);
        if (closing > start + 1
                && (closing + 1 == line.length() || line.charAt(closing + 1) == ',')) {
            return closing + 1;
        }
        Matcher decimal = DECIMAL_COMMA.matcher(line).region(start, line.length());
        if (decimal.lookingAt()) {
            return decimal.end();
        }
        int comma = line.indexOf(',', start);
        return comma < 0 ? line.length() : comma;
    }

    /** The index of the quote that closes the one at {@code start}, or -1. */
    private static int closingQuote(String line, int start) {
        if (start >= line.length() || line.charAt(start) != '"') {
            return -1;
        }
        for (int i = start + 1; i < line.length(); i++) {
            if (line.charAt(i) == '\\') {
                i++;
            } else if (line.charAt(i) == '"') {
                return i;
            }
        }
        return -1;
    }

    /**
     * A1111 quotes values with a comma, colon or line feed; the others here are those that its
     * parser would not give back as they were.
     */
    private static String quoted(String value) {
        boolean plain =
                !value.isEmpty()
                        && value.chars().noneMatch(c -> c == ',' || c == ':' || c == '\n')
                        && !value.startsWith("\"")
                        && value.equals(value.strip());
        if (plain) {
            return value;
        }
        try {
            return Json.WHOLE.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a string is always JSON", e);
        }
    }

    private static String unquoted(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
            return value;
        }
        try {
            return Json.WHOLE.readValue(value, String.class);
        } catch (JsonProcessingException e) {
            // Someone else's value that merely begins and ends with quotes.
            return value;
        }
    }

    private static int skipBlanks(String line, int from) {
        int at = from;
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isWord(int c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private static boolean isInKey(int c) {
        return isWord(c) || c == ' ' || c == '-' || c == '/';
    }
}
