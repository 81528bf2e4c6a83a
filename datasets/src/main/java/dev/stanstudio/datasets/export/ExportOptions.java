package dev.stanstudio.datasets.export;

import dev.stanstudio.datasets.sample.CaptionPolicy;
import dev.stanstudio.datasets.sample.Selection;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Options of an export: pictures, layout and captions.
 *
 * @param format the layout
 * @param selection which pictures
 * @param captions their captions; dropout is for training and ignored here
 * @param repeats the number in front of kohya's folders, 1 to 9999
 * @param shardSize samples per tar, at least 1
 * @param stopAtDamage whether a picture that is missing or damaged ends the export instead of being
 *     left out and named
 */
public record ExportOptions(
        Format format,
        Selection selection,
        CaptionPolicy captions,
        int repeats,
        int shardSize,
        boolean stopAtDamage) {
    /** Everything as an image folder. */
    public static final ExportOptions DEFAULTS =
            new ExportOptions(
                    Format.IMAGEFOLDER, Selection.ALL, CaptionPolicy.AS_LISTED, 1, 1000, false);

    private static final int MAX_REPEATS = 9999;

    /** The layouts. */
    public enum Format {
        /** Hugging Face's: pictures and metadata.jsonl, one folder per part. */
        IMAGEFOLDER,
        /** kohya-ss/sd-scripts': {@code REPEATS_STYLE/picture.png} and {@code picture.txt}. */
        KOHYA,
        /** Tars of samples: picture, .txt and .json. */
        WEBDATASET;

        /** The name for {@code --format}. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** All names. */
        public static List<String> ids() {
            return Arrays.stream(values()).map(Format::id).toList();
        }
    }

    /** Checks the numbers. */
    public ExportOptions {
        if (repeats < 1 || repeats > MAX_REPEATS || shardSize < 1) {
            throw new IllegalArgumentException(
                    "repeats %s must be 1 to %s and shard size %s at least 1"
                            .formatted(repeats, MAX_REPEATS, shardSize));
        }
    }
}
