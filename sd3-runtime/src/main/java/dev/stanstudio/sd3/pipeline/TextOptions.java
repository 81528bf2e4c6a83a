package dev.stanstudio.sd3.pipeline;

/**
 * Options of reading prompts.
 *
 * @param clipSkip layers left out before CLIP's last but one; for the positive prompt only
 * @param useT5 whether T5 reads, where the model has it
 * @param maxSequenceLength tokens that T5 reads, or that stand for it
 */
public record TextOptions(int clipSkip, boolean useT5, int maxSequenceLength) {}
