package dev.stanstudio.scoring.spark;

import dev.stanstudio.scoring.compute.FeatureResult;
import java.io.Serializable;

/**
 * What comes back from an executor.
 *
 * @param seen what its towers saw
 * @param executor its name
 * @param opened how often it opened towers so far
 */
record Shipped(FeatureResult seen, String executor, int opened) implements Serializable {}
