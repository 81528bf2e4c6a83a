package dev.stanstudio.sd3.metadata;

/** A setting that other programs write into pictures and this program has too. */
public enum Setting {
    PROMPT,
    NEGATIVE,
    SEED,
    STEPS,
    GUIDANCE,
    WIDTH,
    HEIGHT,
    SAMPLER,
    SCHEDULE,
    SYNTAX
}
