package dev.stanstudio.synth.paint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.scene.SceneKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Asks a trivial classifier for the style: nearest centroid on a dozen simple statistics. */
class StyleSeparationTest {
    private static final int SIZE = 64;
    private static final int TRAIN = 12;
    private static final int TEST = 6;
    private static final int FEATURES = 12;

    @Test
    void nearestCentroidNamesMostStyles() {
        ArtStyle[] styles = ArtStyle.values();
        double[][][] features = new double[styles.length][TRAIN + TEST][];
        for (int s = 0; s < styles.length; s++) {
            for (int i = 0; i < TRAIN + TEST; i++) {
                SceneKind kind = List.of(SceneKind.values()).get(i % SceneKind.values().length);
                var scene = kind.depict(Dice.of(77, i)).scene();
                features[s][i] = features(styles[s].paint(scene, SIZE, i));
            }
        }
        double[] scale = scale(features);
        int right = 0;
        for (int s = 0; s < styles.length; s++) {
            for (int i = TRAIN; i < TRAIN + TEST; i++) {
                right += nearest(features, features[s][i], scale) == s ? 1 : 0;
            }
        }
        double accuracy = (double) right / (styles.length * TEST);
        System.out.printf("style accuracy %.2f, chance %.2f%n", accuracy, 1.0 / styles.length);
        assertTrue(accuracy > 0.5, "accuracy " + accuracy);
    }

    private static double[] features(Picture picture) {
        double[] sum = new double[FEATURES];
        int n = 0;
        for (int y = 1; y < SIZE - 1; y++) {
            for (int x = 1; x < SIZE - 1; x++) {
                double r = picture.sample(x, y, 0) / 255.0;
                double g = picture.sample(x, y, 1) / 255.0;
                double b = picture.sample(x, y, 2) / 255.0;
                double luma = luma(picture, x, y);
                double dx = Math.abs(luma(picture, x + 1, y) - luma);
                double dy = Math.abs(luma(picture, x, y + 1) - luma);
                double max = Math.max(r, Math.max(g, b));
                double chroma = max - Math.min(r, Math.min(g, b));
                boolean rim = Math.min(Math.min(x, y), SIZE - 1 - Math.max(x, y)) < 3;
                double[] values = {
                    r,
                    g,
                    b,
                    luma * luma,
                    chroma,
                    chroma * chroma,
                    dx + dy,
                    dx * dx + dy * dy,
                    luma < 0.15 ? 1 : 0,
                    luma > 0.85 ? 1 : 0,
                    rim ? luma : 0,
                    rim ? chroma : 0
                };
                for (int k = 0; k < FEATURES; k++) {
                    sum[k] += values[k];
                }
                n++;
            }
        }
        for (int k = 0; k < FEATURES; k++) {
            sum[k] /= n;
        }
        return sum;
    }

    private static double luma(Picture p, int x, int y) {
        return (0.299 * p.sample(x, y, 0) + 0.587 * p.sample(x, y, 1) + 0.114 * p.sample(x, y, 2))
                / 255;
    }

    /** The mean spread of a feature within one style. */
    private static double[] scale(double[][][] features) {
        double[] scale = new double[FEATURES];
        for (double[][] style : features) {
            for (int k = 0; k < FEATURES; k++) {
                double mean = mean(style, k);
                double square = 0;
                for (int i = 0; i < TRAIN; i++) {
                    square += (style[i][k] - mean) * (style[i][k] - mean);
                }
                scale[k] += Math.sqrt(square / TRAIN) + 1e-4;
            }
        }
        return scale;
    }

    private static double mean(double[][] style, int k) {
        double mean = 0;
        for (int i = 0; i < TRAIN; i++) {
            mean += style[i][k] / TRAIN;
        }
        return mean;
    }

    private static int nearest(double[][][] features, double[] probe, double[] scale) {
        int best = -1;
        double least = Double.MAX_VALUE;
        for (int s = 0; s < features.length; s++) {
            double distance = 0;
            for (int k = 0; k < FEATURES; k++) {
                double d = (probe[k] - mean(features[s], k)) / scale[k];
                distance += d * d;
            }
            if (distance < least) {
                least = distance;
                best = s;
            }
        }
        return best;
    }
}
