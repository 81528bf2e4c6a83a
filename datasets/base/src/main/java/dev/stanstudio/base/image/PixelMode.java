package dev.stanstudio.base.image;

/** Meaning of the samples of a {@link Picture}; the counterpart of Pillow's image modes. */
public enum PixelMode {
    /** Black (0) or white (255), nothing between; Pillow's {@code 1}. */
    BILEVEL(1, false, false),
    /** One grey sample; Pillow's {@code L}. */
    GREY(1, false, true),
    /** Grey, then alpha that is not multiplied into it; Pillow's {@code LA}. */
    GREY_ALPHA(2, true, true),
    /** Red, green, blue; Pillow's {@code RGB}. */
    RGB(3, false, true),
    /** Red, green, blue, then alpha that is not multiplied into them; Pillow's {@code RGBA}. */
    RGBA(4, true, true),
    /**
     * Red, green, blue looked up in the file's palette; Pillow's {@code P}. Differs from {@link
     * #RGB} only in that resizing never mixes two colours.
     */
    PALETTE(3, false, false);

    private final int channels;
    private final boolean alpha;
    private final boolean mixable;

    PixelMode(int channels, boolean alpha, boolean mixable) {
        this.channels = channels;
        this.alpha = alpha;
        this.mixable = mixable;
    }

    /** Samples per pixel, 1 to 4. */
    public int channels() {
        return channels;
    }

    /** Returns true if the last channel is alpha. */
    public boolean hasAlpha() {
        return alpha;
    }

    /** Returns true if a weighted mean of two pixels is a pixel of the same mode. */
    public boolean isMixable() {
        return mixable;
    }

    /** Channels that carry colour: all but alpha. */
    int colourChannels() {
        return alpha ? channels - 1 : channels;
    }
}
