package dev.stanstudio.scoring.vision;

/**
 * Stretches positions that were learned on one grid of patches to another. The two rules differ by
 * some thousandths in the features.
 */
public enum PositionRule {
    /** To the new grid's size, as transformers does. */
    TARGET_SIZE,
    /**
     * By the factor (patches + 0.1) / side, as the authors of DINO and of DINOv2 without registers
     * do (facebookresearch/dino vision_transformer.py); elsewhere the same as {@link #TARGET_SIZE}.
     */
    OFFSET
}
