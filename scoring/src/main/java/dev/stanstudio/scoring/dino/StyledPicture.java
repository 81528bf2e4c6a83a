package dev.stanstudio.scoring.dino;

import dev.stanstudio.datasets.picture.Picture;

/**
 * A picture and its style, which the training does not see and the measuring does.
 *
 * @param picture RGB
 * @param style its name
 */
public record StyledPicture(Picture picture, String style) {}
