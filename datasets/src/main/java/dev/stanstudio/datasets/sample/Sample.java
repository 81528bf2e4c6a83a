package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.datasets.collection.StyleItem;

/**
 * A picture ready to train on.
 *
 * @param item where it comes from
 * @param picture RGB, of the bucket's size
 * @param caption empty where it was dropped
 * @param framing how it was resized and cut
 */
public record Sample(StyleItem item, Picture picture, String caption, Framing framing) {}
