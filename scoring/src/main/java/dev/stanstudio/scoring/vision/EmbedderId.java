package dev.stanstudio.scoring.vision;

/**
 * Everything that a feature vector depends on besides the picture. Vectors and scores may be
 * compared only where these are equal.
 *
 * @param tower the network
 * @param preprocessing {@link dev.stanstudio.scoring.vision.ImagePreprocessing#identity() identity}
 *     of the steps before it
 */
public record EmbedderId(TowerId tower, String preprocessing) {}
