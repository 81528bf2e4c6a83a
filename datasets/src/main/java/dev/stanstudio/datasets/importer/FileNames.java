package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.sample.Mojibake;
import java.text.Normalizer;
import java.util.Locale;

/** Names for copies: plain ASCII, short, equal for equal pictures and different for others. */
final class FileNames {
    private static final int MAX_WORDS = 60;
    private static final int HASH_DIGITS = 16;

    private FileNames() {}

    /** {@code images/1f/claude-monet-water-lilies-1f0c….jpg}. */
    static String of(String name, String sha256, String extension) {
        String words = slug(new Member(name).stem());
        return "images/"
                + sha256.substring(0, 2)
                + "/"
                + (words.isEmpty() ? "" : words + "-")
                + sha256.substring(0, HASH_DIGITS)
                + "."
                + extension;
    }

    private static String slug(String name) {
        String plain =
                Normalizer.normalize(Mojibake.repair(name), Normalizer.Form.NFD)
                        .replaceAll("\\p{M}+", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-");
        String cut = plain.substring(0, Math.min(plain.length(), MAX_WORDS));
        return cut.replaceAll("^-+|-+$", "");
    }
}
