package dev.stanstudio.datasets.sample;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cleans what file names say. */
public final class Titles {
    /** Names that cameras and programs give, and hashes, say nothing about the content. */
    private static final Pattern NO_TITLE =
            Pattern.compile("(img|dsc[nf]?|image|photo|picture|untitled|screenshot|[0-9a-f]{8,})");

    private static final Pattern WORD = Pattern.compile("\\p{L}{3,}");

    private static final Pattern COPY_NUMBER = Pattern.compile("\\(\\d+\\)$");

    private static final Pattern FILE = Pattern.compile("(?:.*[/:])?([^/:]+)\\.\\w{3,4}");

    private Titles() {}

    /** Words of a name: {@code water-lilies_1906(2)} is {@code water lilies 1906}. */
    public static String words(String name) {
        return COPY_NUMBER
                .matcher(Mojibake.repair(name))
                .replaceFirst("")
                .replaceAll("[_\\-\\s]+", " ")
                .strip();
    }

    /**
     * Returns the words about the picture's content in a file name without its extension, or null
     * when it says nothing.
     */
    public static @Nullable String of(String name) {
        String words = words(name);
        for (String word : words.split(" ")) {
            String lower = word.toLowerCase(Locale.ROOT).replaceAll("\\d+$", "");
            if (WORD.matcher(word).find()
                    && !NO_TITLE.matcher(lower).matches()
                    && !NO_TITLE.matcher(word.toLowerCase(Locale.ROOT)).matches()) {
                return words;
            }
        }
        return null;
    }

    /**
     * The title in the file name that ends {@code source}, the artist in front of it left out; null
     * where there is none.
     *
     * @param source a path, maybe inside an archive ({@code a.zip:s/claude-monet_lilies.jpg})
     */
    static @Nullable String ofSource(String source, @Nullable String artist) {
        var file = FILE.matcher(source);
        if (!file.matches()) {
            return null;
        }
        String stem = file.group(1);
        int underscore = stem.indexOf('_');
        boolean named =
                artist != null
                        && underscore > 0
                        && words(stem.substring(0, underscore)).equalsIgnoreCase(artist);
        return of(named ? stem.substring(underscore + 1) : stem);
    }
}
