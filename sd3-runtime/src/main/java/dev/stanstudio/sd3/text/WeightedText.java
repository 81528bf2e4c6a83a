package dev.stanstudio.sd3.text;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A prompt's words with their weights.
 *
 * @param sections what BREAK parts; at least one, which may be empty
 */
public record WeightedText(List<List<Part>> sections) {
    private static final double SHOWN_DIGITS = 1000;

    /** Words of one weight; 1 leaves them as they are. */
    public record Part(String text, double weight) {}

    /** Keeps copies of the lists. */
    public WeightedText {
        sections = sections.stream().map(List::copyOf).toList();
    }

    /** Returns {@code text} at weight 1, whatever characters it has. */
    static WeightedText plain(String text) {
        return new WeightedText(List.of(List.of(new Part(text, 1))));
    }

    /** Returns the words alone. */
    public String words() {
        return sections.stream()
                .map(section -> section.stream().map(Part::text).collect(Collectors.joining()))
                .collect(Collectors.joining(" "));
    }

    /** Returns the words of other weights than 1, in their order, as {@code red × 1.3}. */
    public List<String> weighted() {
        return sections.stream()
                .flatMap(List::stream)
                .filter(part -> part.weight() != 1 && !part.text().isBlank())
                .map(part -> part.text().strip() + " × " + shown(part.weight()))
                .toList();
    }

    private static String shown(double weight) {
        return String.valueOf(Math.round(weight * SHOWN_DIGITS) / SHOWN_DIGITS);
    }
}
