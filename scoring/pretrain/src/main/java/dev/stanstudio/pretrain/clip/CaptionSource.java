package dev.stanstudio.pretrain.clip;

/** Captioned pictures by number, the same for the same number. */
@FunctionalInterface
public interface CaptionSource {
    /** Picture {@code index} ≥ 0; all are squares of one size. */
    CaptionedPicture item(int index);
}
