package dev.stanstudio.base.image;

/**
 * Chooses the axis that {@link Resampler} does first. It matters because the picture between the
 * passes is rounded to bytes: results differ by up to some twenty levels where values overshoot.
 */
public enum PassOrder {
    /**
     * Along the columns first when the height shrinks by more than twice what the width does:
     * Pillow 13.
     */
    PILLOW_13 {
        @Override
        boolean verticalFirst(int widthLoss, int heightLoss) {
            return heightLoss > 0 && heightLoss > 2L * widthLoss;
        }
    },
    /**
     * Always along the rows first: Pillow up to 12.3, with which most published scores were made.
     */
    PILLOW_12 {
        @Override
        boolean verticalFirst(int widthLoss, int heightLoss) {
            return false;
        }
    };

    /**
     * Returns true if to work along the columns first, given source size minus target size of
     * either axis.
     */
    abstract boolean verticalFirst(int widthLoss, int heightLoss);
}
