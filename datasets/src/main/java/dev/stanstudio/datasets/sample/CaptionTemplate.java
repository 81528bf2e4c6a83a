package dev.stanstudio.datasets.sample;

import dev.stanstudio.datasets.collection.StyleItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A caption with gaps: {@code {content}[ by {artist}], in the style of {style}}. The gaps are
 * {content}, {style} (the first), {artist}, {genre}, {title} (from the file's name) and {caption}
 * (the collection's own). What stands in brackets is left out where a gap in it has nothing to say;
 * outside of brackets, {content} and {title} stand in for each other, and what is still empty
 * leaves no doubled blanks or commas behind.
 *
 * @param text the template
 */
public record CaptionTemplate(String text) {
    private static final List<String> GAPS =
            List.of("content", "style", "artist", "genre", "title", "caption");

    private static final Pattern GAP = Pattern.compile("\\{([^{}]*)\\}");
    private static final Pattern OPTION = Pattern.compile("\\[([^\\[\\]]*)\\]");

    /** Checks the gaps and brackets. */
    public CaptionTemplate {
        Matcher gap = GAP.matcher(text);
        boolean any = false;
        while (gap.find()) {
            any = true;
            if (!GAPS.contains(gap.group(1))) {
                throw new IllegalArgumentException(
                        "caption template names {%s}; there are {%s}"
                                .formatted(gap.group(1), String.join("}, {", GAPS)));
            }
        }
        if (!any) {
            throw new IllegalArgumentException(
                    "caption template \"" + text + "\" has no gap such as {content}");
        }
        if (OPTION.matcher(GAP.matcher(text).replaceAll(""))
                .replaceAll("")
                .matches(".*[\\[\\]{}].*")) {
            throw new IllegalArgumentException(
                    "caption template \"" + text + "\" has a bracket without its partner");
        }
    }

    /** The caption of {@code item}; never blank, since every picture has a style. */
    public String fill(StyleItem item) {
        Map<String, String> values = values(item);
        List<String> parts = new ArrayList<>();
        Matcher option = OPTION.matcher(text);
        int from = 0;
        while (option.find()) {
            parts.add(loose(text.substring(from, option.start()), values));
            String inside = whole(option.group(1), values);
            parts.add(inside == null ? "" : inside);
            from = option.end();
        }
        parts.add(loose(text.substring(from), values));
        String filled = tidy(String.join("", parts));
        return filled.isEmpty() ? item.labels().styles().get(0) : filled;
    }

    private static Map<String, String> values(StyleItem item) {
        Map<String, String> values = new TreeMap<>();
        put(values, "content", item.labels().content());
        put(values, "style", item.labels().styles().get(0));
        put(values, "artist", item.labels().artist());
        put(values, "genre", item.labels().genre());
        put(values, "title", Titles.ofSource(item.source(), item.labels().artist()));
        put(values, "caption", item.text());
        return values;
    }

    private static void put(Map<String, String> values, String gap, @Nullable String value) {
        if (value != null) {
            values.put(gap, value);
        }
    }

    /** The filled part, or null where a gap has no value. */
    private static @Nullable String whole(String part, Map<String, String> values) {
        Matcher gap = GAP.matcher(part);
        while (gap.find()) {
            if (!values.containsKey(gap.group(1))) {
                return null;
            }
        }
        return loose(part, values);
    }

    private static String loose(String part, Map<String, String> values) {
        return GAP.matcher(part)
                .replaceAll(gap -> Matcher.quoteReplacement(value(gap.group(1), values)));
    }

    private static String value(String gap, Map<String, String> values) {
        String own = values.get(gap);
        if (own != null) {
            return own;
        }
        return switch (gap) {
            case "content" -> values.getOrDefault("title", "");
            case "title" -> values.getOrDefault("content", "");
            default -> "";
        };
    }

    private static String tidy(String text) {
        return text.replaceAll("\\s+", " ")
                .replaceAll(" ,", ",")
                .replaceAll("(, ?)+,", ",")
                .replaceAll("^[, ]+|[, ]+$", "");
    }
}
