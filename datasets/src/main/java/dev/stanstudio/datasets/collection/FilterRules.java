package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Says which pictures are taken out of a collection; a rule that is null is not applied.
 *
 * @param leastSide the smallest shorter side, in pixels
 * @param mostAspect the largest longer side as a multiple of the shorter
 * @param sharpness the smallest variance of the Laplacian
 * @param plain pictures whose channels all deviate less than this from their means
 * @param near bits of 64 by which near duplicates may differ
 */
record FilterRules(
        @Nullable Integer leastSide,
        @Nullable Double mostAspect,
        @Nullable Double sharpness,
        @Nullable Double plain,
        @Nullable Integer near) {
    /** Checks the numbers, and that there is a rule. */
    FilterRules {
        if (leastSide == null
                && mostAspect == null
                && sharpness == null
                && plain == null
                && near == null) {
            throw new ArgumentException(
                    "name a filter: --least-side, --most-aspect, --sharpness, --plain or --near");
        }
        require(leastSide == null || leastSide >= 1, "--least-side", "at least 1", leastSide);
        require(isAtLeast(mostAspect, 1), "--most-aspect", "at least 1", mostAspect);
        require(isAtLeast(sharpness, 0), "--sharpness", "at least 0", sharpness);
        require(isAtLeast(plain, 0), "--plain", "at least 0", plain);
        require(
                near == null || (near >= 0 && near <= NearPictures.MAX_DISTANCE),
                "--near",
                "0 to " + NearPictures.MAX_DISTANCE,
                near);
    }

    private static boolean isAtLeast(@Nullable Double value, double least) {
        return value == null || (value >= least && Double.isFinite(value));
    }

    private static void require(boolean holds, String name, String limit, @Nullable Number given) {
        if (!holds) {
            throw new ArgumentException("%s must be %s, not %s".formatted(name, limit, given));
        }
    }

    /** Returns why {@code item} is taken out; null where no rule but that of duplicates does. */
    @Nullable Filtered judge(StyleCollection collection, StyleItem item) {
        int shorter = Math.min(item.width(), item.height());
        int longer = Math.max(item.width(), item.height());
        String size = item.width() + "x" + item.height();
        if (leastSide != null && shorter < leastSide) {
            return new Filtered(item.fileName(), FilterRule.SMALL, size);
        }
        if (mostAspect != null && longer > mostAspect * shorter) {
            return new Filtered(item.fileName(), FilterRule.LONG, size);
        }
        return sharpness == null && plain == null ? null : look(collection, item);
    }

    private @Nullable Filtered look(StyleCollection collection, StyleItem item) {
        Picture picture;
        try {
            picture = collection.picture(item);
        } catch (UserException e) {
            return new Filtered(
                    item.fileName(), FilterRule.UNREADABLE, String.valueOf(e.getMessage()));
        }
        double spread = plain == null ? 0 : PictureQuality.spread(picture);
        if (plain != null && spread < plain) {
            return new Filtered(item.fileName(), FilterRule.PLAIN, "deviation " + rounded(spread));
        }
        double sharp = sharpness == null ? 0 : PictureQuality.sharpness(picture);
        return sharpness != null && sharp < sharpness
                ? new Filtered(item.fileName(), FilterRule.BLURRED, "sharpness " + rounded(sharp))
                : null;
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
