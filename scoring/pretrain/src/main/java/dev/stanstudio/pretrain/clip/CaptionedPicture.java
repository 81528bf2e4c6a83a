package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.image.Picture;

/**
 * A picture and what is said of it.
 *
 * @param picture RGB
 * @param content what is shown, without the style
 * @param caption content and, unless the picture is plain, the style
 */
public record CaptionedPicture(Picture picture, String content, String caption) {
    private static final String COMMA = ", ";

    /** Returns what the caption says of the style alone; of a plain picture, the content. */
    String styleAlone() {
        String before = content + COMMA;
        return caption.startsWith(before) ? caption.substring(before.length()) : content;
    }
}
