package dev.stanstudio.adapter.analysis;

import java.nio.file.Path;

/**
 * A picture that features were read on.
 *
 * @param file its path
 * @param caption as in training
 * @param style number of its style in the analysis
 * @param number the picture's own number, the seed of its noise
 */
public record ReadPicture(Path file, String caption, int style, long number) {}
