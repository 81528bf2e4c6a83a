package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.StatelessRandom;
import dev.stanstudio.datasets.collection.StyleItem;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the caption of a picture in an epoch. A dropped caption is empty; training without
 * captions now and then is what makes guidance work (Ho and Salimans, "Classifier-free diffusion
 * guidance", 2022). Whether one is dropped follows from seed, picture and epoch alone, not from
 * order or threads.
 *
 * @param template how captions are made; null takes those of the collection
 * @param dropout how likely a caption is dropped, 0 to 1
 * @param seed decides which
 */
public record CaptionPolicy(@Nullable CaptionTemplate template, double dropout, long seed) {
    /** The captions of the collection, always. */
    public static final CaptionPolicy AS_LISTED = new CaptionPolicy(null, 0, 0);

    /** Checks the dropout. */
    public CaptionPolicy {
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new IllegalArgumentException("caption dropout " + dropout + " is not 0 to 1");
        }
    }

    /** The caption without dropout. */
    public String caption(StyleItem item) {
        return template == null ? item.text() : template.fill(item);
    }

    /** The caption in {@code epoch}, empty where it is dropped. */
    public String caption(StyleItem item, long epoch) {
        return isDropped(item, epoch) ? "" : caption(item);
    }

    /** Returns true if the caption of {@code item} is dropped in {@code epoch}. */
    public boolean isDropped(StyleItem item, long epoch) {
        return StatelessRandom.unit(seed, item.number(), epoch) < dropout;
    }
}
