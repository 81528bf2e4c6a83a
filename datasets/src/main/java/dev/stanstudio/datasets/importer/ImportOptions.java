package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.sample.CaptionTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Options of an import.
 *
 * @param format the layout's name, or {@link #AUTO}
 * @param onError what to do about a picture that cannot be imported
 * @param style the style of pictures whose source names none
 * @param licence the licence of all pictures, in place of what the source says
 * @param captions how captions are made, or null for the source's own
 * @param decode whether every picture is decoded to the last pixel, or only its header read
 * @param maxPixels pictures with more pixels are not imported
 * @param threads pictures decoded at the same time, at least 1
 * @param texts how captions and lists are read
 */
public record ImportOptions(
        String format,
        OnError onError,
        @Nullable String style,
        @Nullable String licence,
        @Nullable CaptionTemplate captions,
        boolean decode,
        long maxPixels,
        int threads,
        TextSettings texts) {
    /** Let the source's arrangement say its format. */
    public static final String AUTO = "auto";

    /** More pixels than this are taken for a decompression bomb; Pillow refuses there too. */
    public static final long DEFAULT_MAX_PIXELS = 178_956_970;

    /** Decides about a picture that cannot be imported. */
    public enum OnError {
        /** Go on and tell at the end. */
        SKIP,
        /** Stops; running again resumes where it stopped. */
        STOP
    }

    /** Checks the numbers. */
    public ImportOptions {
        if (maxPixels < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "maxPixels " + maxPixels + " and threads " + threads + " must be at least 1");
        }
    }

    /** Options with {@link TextSettings#DEFAULTS}. */
    public ImportOptions(
            String format,
            OnError onError,
            @Nullable String style,
            @Nullable String licence,
            @Nullable CaptionTemplate captions,
            boolean decode,
            long maxPixels,
            int threads) {
        this(
                format,
                onError,
                style,
                licence,
                captions,
                decode,
                maxPixels,
                threads,
                TextSettings.DEFAULTS);
    }

    /** Detects the layout, skips what is damaged, decodes every picture, one at a time. */
    public static final ImportOptions DEFAULTS =
            new ImportOptions(AUTO, OnError.SKIP, null, null, null, true, DEFAULT_MAX_PIXELS, 1);
}
