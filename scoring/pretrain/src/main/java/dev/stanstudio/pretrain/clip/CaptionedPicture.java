package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.image.Picture;

/**
 * A picture and what is said of it.
 *
 * @param picture RGB
 * @param content what is shown, without the style
 * @param caption content and, unless the picture is plain, the style
 */
public record CaptionedPicture(Picture picture, String content, String caption) {}
