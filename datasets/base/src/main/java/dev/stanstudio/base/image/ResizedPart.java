package dev.stanstudio.base.image;

/**
 * A rectangle of what a resize gives, in its pixels.
 *
 * @param left first column
 * @param top first row
 * @param width columns
 * @param height rows
 */
public record ResizedPart(int left, int top, int width, int height) {

    public ResizedPart {
        if (left < 0 || top < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "part of a resized picture must begin at 0 or later and have a pixel, not "
                            + text(left, top, width, height));
        }
    }

    static ResizedPart whole(int width, int height) {
        return new ResizedPart(0, 0, width, height);
    }

    void requireWithin(int targetWidth, int targetHeight) {
        if (left > targetWidth - width || top > targetHeight - height) {
            throw new IllegalArgumentException(
                    "part %s exceeds the %sx%s pixels of the resized picture"
                            .formatted(text(left, top, width, height), targetWidth, targetHeight));
        }
    }

    private static String text(int left, int top, int width, int height) {
        return "%sx%s at (%s, %s)".formatted(width, height, left, top);
    }
}
