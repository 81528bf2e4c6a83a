package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.source.TextEncoding;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings for finding and reading texts beside pictures.
 *
 * @param encoding of texts that are not UTF-8
 * @param captions endings of captions, with the dot, the one that counts first in front
 */
public record TextSettings(TextEncoding encoding, List<String> captions) {
    /** The endings that trainers use. */
    public static final List<String> CAPTIONS = List.of(".txt", ".caption");

    /** Finds encodings out; a .txt counts before a .caption. */
    public static final TextSettings DEFAULTS = new TextSettings(TextEncoding.DETECT, CAPTIONS);

    /** Copies the list. */
    public TextSettings {
        captions = List.copyOf(captions);
    }

    /** These settings with captions of {@code ending} in front of all others. */
    public TextSettings preferring(String ending) {
        List<String> all = new ArrayList<>(List.of(ending));
        captions.stream().filter(other -> !other.equals(ending)).forEach(all::add);
        return new TextSettings(encoding, all);
    }
}
