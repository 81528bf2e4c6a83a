package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.ArgumentException;

/**
 * Shares of the styled pictures by what their captions say; the rest say the content alone.
 *
 * @param style share whose caption names the style
 * @param alone share whose caption names the style and nothing else, part of {@code style}
 */
public record CaptionShares(double style, double alone) {
    /** Refuses shares that cannot be. */
    public CaptionShares {
        if (!(style >= 0 && style <= 1)) {
            throw new ArgumentException("the style share must be 0 … 1, not " + style);
        }
        if (!(alone >= 0 && alone <= style)) {
            throw new ArgumentException(
                    "the share of styles alone must be 0 … %s, not %s".formatted(style, alone));
        }
    }

    /** Returns the caption of {@code item} for a chance of 0 … 1. */
    String pick(CaptionedPicture item, double chance) {
        if (chance < alone) {
            return item.styleAlone();
        }
        return chance < style ? item.caption() : item.content();
    }
}
