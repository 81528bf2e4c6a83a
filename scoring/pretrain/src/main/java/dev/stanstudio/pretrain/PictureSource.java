package dev.stanstudio.pretrain;

import dev.stanstudio.base.image.Picture;

/** Pictures by number, the same for the same number; may be asked by several threads. */
@FunctionalInterface
public interface PictureSource {
    /** RGB picture {@code index} ≥ 0; all of one size. */
    Picture picture(long index);
}
