package dev.stanstudio.sd3.metadata;

/** A setting that pictures of other programs tell of and this program has too. */
public enum Setting {
    PROMPT,
    NEGATIVE,
    SEED,
    STEPS,
    GUIDANCE,
    WIDTH,
    HEIGHT,
    SAMPLER,
    SCHEDULE
}
