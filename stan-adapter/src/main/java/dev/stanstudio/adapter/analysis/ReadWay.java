package dev.stanstudio.adapter.analysis;

import dev.stanstudio.base.ArgumentException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Lists the ways in which a network sees pictures while features are read. */
public enum ReadWay {
    /** Pictures of a collection with noise added, at fixed levels, each level in one pass. */
    NOISED_PICTURES("noised-pictures", "of real pictures with noise added"),
    /** Every pass of the generation of a picture from its prompt, as in the paper's figure 3. */
    GENERATION("generation", "while pictures are generated");

    private final String label;
    private final String words;

    ReadWay(String label, String words) {
        this.label = label;
        this.words = words;
    }

    /** The name in files and on the command line. */
    public String label() {
        return label;
    }

    /** Returns words that go on a figure, after what a sample is. */
    String words() {
        return words;
    }

    /**
     * The way called {@code label}.
     *
     * @throws ArgumentException that lists the names
     */
    public static ReadWay of(String label) {
        return Arrays.stream(values())
                .filter(way -> way.label.equals(label))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "features are not read by '%s'; use %s"
                                                .formatted(
                                                        label,
                                                        Arrays.stream(values())
                                                                .map(ReadWay::label)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                " or ")))));
    }
}
