package dev.stanstudio.scoring.spark;

import dev.stanstudio.scoring.compute.FeatureResult;
import java.io.Serializable;

/**
 * Carries a result back from an executor.
 *
 * @param result of its towers
 * @param executor its name
 * @param opened how often it opened towers so far
 */
record Shipped(FeatureResult result, String executor, int opened) implements Serializable {}
