package dev.stanstudio.sd3.metadata;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameter text of AUTOMATIC1111's web UI, which most galleries and tools read: the prompt's
 * lines; {@code Negative prompt: …} where there is one; a last line of {@code Key: value} pairs.
 * Source: A1111 {@code infotext_utils.py}.
 *
 * <p>{@link #parse} gives back what {@link #format} wrote where the format allows it: with three or
 * more settings (fewer are taken for prompt text), no line of either prompt beginning or ending in
 * blanks or being the first or last and empty, and no prompt line beginning with {@code Negative
 * prompt:}.
 *
 * @param prompt may have several lines
 * @param negativePrompt empty for none
 * @param settings in their order, e.g. {@code Steps}, {@code Sampler}, {@code CFG scale}, {@code
 *     Seed}, {@code Size}; keys are a letter, digit or underscore followed by one or more of these,
 *     spaces, hyphens and slashes
 * @param rest lines that stood after the settings, such as an extension's {@code Template: …};
 *     empty for none, and not written
 */
public record A1111Parameters(
        String prompt, String negativePrompt, Map<String, String> settings, String rest) {

    /** The keyword of the PNG text chunk. */
    public static final String KEYWORD = "parameters";

    private static final String NEGATIVE = "Negative prompt:";
    private static final String SIZE = "Size";
    private static final String FIRST_KEY = "Steps: ";

    /** Fewer pairs are a sentence with colons in it, not settings. */
    private static final int MIN_PAIRS = 3;

    public A1111Parameters {
        for (String key : settings.keySet()) {
            if (!SettingsLine.isKey(key)) {
                throw new IllegalArgumentException(
                        "\"" + key + "\" cannot be a key of A1111 parameters");
            }
        }
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Parameters with nothing after the settings. */
    public A1111Parameters(String prompt, String negativePrompt, Map<String, String> settings) {
        this(prompt, negativePrompt, settings, "");
    }

    /** Width and height in pixels. */
    public record Size(int width, int height) {

        @Override
        public String toString() {
            return width + "x" + height;
        }
    }

    /** The {@code Size} setting, or null where it is missing or not two numbers. */
    public @Nullable Size size() {
        String[] parts = settings.getOrDefault(SIZE, "").split("x", -1);
        if (parts.length != 2 || !isNumber(parts[0]) || !isNumber(parts[1])) {
            return null;
        }
        return new Size(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    /** The parameter text, without blanks at either end. */
    public String format() {
        List<String> parts = new ArrayList<>();
        parts.add(prompt);
        if (!negativePrompt.isEmpty()) {
            parts.add(NEGATIVE + " " + negativePrompt);
        }
        parts.add(SettingsLine.format(settings));
        return String.join("\n", parts).strip();
    }

    /** Reads a parameter text; every text is one, if only a prompt. */
    public static A1111Parameters parse(String text) {
        List<String> lines = new ArrayList<>(List.of(plain(text).split("\n", -1)));
        Map<String, String> settings = new LinkedHashMap<>();
        String rest = "";
        int line = settingsLine(lines);
        if (line >= 0) {
            SettingsLine.parse(lines.get(line))
                    .forEach(pair -> settings.put(pair.getKey(), pair.getValue()));
            rest = String.join("\n", lines.subList(line + 1, lines.size())).strip();
            lines = new ArrayList<>(lines.subList(0, line));
        }
        lines.replaceAll(String::strip);
        int negative = 0;
        while (negative < lines.size() && !lines.get(negative).startsWith(NEGATIVE)) {
            negative++;
        }
        return new A1111Parameters(
                join(lines.subList(0, negative)),
                join(withoutLabels(lines.subList(negative, lines.size()))),
                settings,
                rest);
    }

    /** Lines end in LF, CRLF or CR; a byte order mark is no text. */
    private static String plain(String text) {
        return text.replace("\uFEFF", "").replaceAll("\r\n?", "\n").strip();
    }

    /** The last line, or the last that begins as A1111's settings do, or -1. */
    private static int settingsLine(List<String> lines) {
        int last = lines.size() - 1;
        for (int i = last; i >= 0; i--) {
            boolean candidate = i == last || lines.get(i).stripLeading().startsWith(FIRST_KEY);
            if (candidate && SettingsLine.parse(lines.get(i)).size() >= MIN_PAIRS) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> withoutLabels(List<String> lines) {
        return lines.stream()
                .map(l -> l.startsWith(NEGATIVE) ? l.substring(NEGATIVE.length()).strip() : l)
                .toList();
    }

    /** Empty lines before the first that is not are dropped, as A1111 does. */
    private static String join(List<String> lines) {
        return lines.stream().dropWhile(String::isEmpty).collect(Collectors.joining("\n"));
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,9}");
    }
}
