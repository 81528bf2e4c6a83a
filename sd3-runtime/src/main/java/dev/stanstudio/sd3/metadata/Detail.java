package dev.stanstudio.sd3.metadata;

/** A setting of another program that no option of {@link Setting} replaces by itself. */
enum Detail {
    PROMPT_2,
    PROMPT_3,
    NEGATIVE_2,
    NEGATIVE_3,
    SHIFT,
    SKIP_LAYERS,
    SKIP_SCALE,
    SKIP_START,
    SKIP_STOP,
    HIRES
}
