package dev.stanstudio.sd3.pretrain;

import dev.stanstudio.datasets.picture.Picture;

/** Pictures by number, the same for the same number; may be asked by several threads. */
@FunctionalInterface
public interface PictureSource {
    /** RGB picture {@code index} ≥ 0; all of one size. */
    Picture picture(long index);
}
