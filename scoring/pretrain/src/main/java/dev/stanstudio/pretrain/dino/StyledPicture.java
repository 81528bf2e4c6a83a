package dev.stanstudio.pretrain.dino;

import dev.stanstudio.base.image.Picture;

/**
 * A picture and its style, which the training does not see and the measuring does.
 *
 * @param picture RGB
 * @param style its name
 */
public record StyledPicture(Picture picture, String style) {}
