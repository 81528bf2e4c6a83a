package dev.stanstudio.scoring.vision;

import dev.stanstudio.scoring.vision.VisionKeys.Part;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A vision transformer in plain double arithmetic, written from the papers' equations and not from
 * the program it is compared with; pictures are as large as the learned grid.
 */
final class PlainTransformer {
    private final VisionConfig config;
    private final VisionKeys keys;
    private final Map<String, float[]> weights;

    PlainTransformer(VisionConfig config, Map<String, float[]> weights) {
        this.config = config;
        this.keys = VisionKeys.of(config.family());
        this.weights = weights;
    }

    /** Features of one picture [3, S, S]. */
    double[] features(float[] pixels) {
        double[][] x = tokens(pixels);
        for (int i = 0; i < config.layers(); i++) {
            x = block(x, i);
        }
        double[] y = norm(x[0], keys.lastNorm());
        return config.projection() == 0 ? y : linear(y, VisionKeys.PROJECTION, null);
    }

    private double[][] tokens(float[] pixels) {
        int side = config.side();
        int d = config.width();
        int extra = 1 + config.registers();
        float[] positions = weights.get(keys.positions());
        double[][] x = new double[extra + side * side][];
        x[0] = new double[d];
        for (int k = 0; k < d; k++) {
            x[0][k] = weights.get(keys.classToken())[k] + positions[k];
        }
        for (int r = 0; r < config.registers(); r++) {
            x[1 + r] = new double[d];
            for (int k = 0; k < d; k++) {
                x[1 + r][k] = weights.get(VisionKeys.REGISTERS)[r * d + k];
            }
        }
        String bias = config.family() == VisionFamily.CLIP ? null : keys.patch() + ".bias";
        for (int p = 0; p < side * side; p++) {
            double[] cut = patch(pixels, p / side, p % side);
            double[] token = linear(cut, keys.patch() + ".weight", bias);
            for (int k = 0; k < d; k++) {
                token[k] += positions[(1 + p) * d + k];
            }
            x[extra + p] = token;
        }
        if (config.family() == VisionFamily.CLIP) {
            for (int t = 0; t < x.length; t++) {
                x[t] = norm(x[t], VisionKeys.PRE_NORM);
            }
        }
        return x;
    }

    private double[] patch(float[] pixels, int row, int column) {
        int p = config.patchSize();
        int size = config.imageSize();
        double[] cut = new double[3 * p * p];
        for (int i = 0; i < cut.length; i++) {
            int c = i / (p * p);
            int y = row * p + i / p % p;
            int x = column * p + i % p;
            cut[i] = pixels[(c * size + y) * size + x];
        }
        return cut;
    }

    private double[][] block(double[][] x, int index) {
        double[][] attended = attention(x, index);
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            y[t] = add(x[t], scaled(attended[t], index, 0));
            double[] up = part(norm(y[t], name(index, Part.NORM2)), index, Part.UP);
            double[] down = part(activate(up), index, Part.DOWN);
            y[t] = add(y[t], scaled(down, index, 1));
        }
        return y;
    }

    private String name(int index, Part part) {
        return keys.part(config, index, part);
    }

    private double[] part(double[] x, int index, Part part) {
        boolean bias = VisionKeys.hasBias(config, part);
        String name = name(index, part);
        return linear(x, name + ".weight", bias ? name + ".bias" : null);
    }

    private double[][] attention(double[][] x, int index) {
        int n = x.length;
        double[][] q = new double[n][];
        double[][] k = new double[n][];
        double[][] v = new double[n][];
        for (int t = 0; t < n; t++) {
            double[] normed = norm(x[t], name(index, Part.NORM1));
            q[t] = part(normed, index, Part.QUERY);
            k[t] = part(normed, index, Part.KEY);
            v[t] = part(normed, index, Part.VALUE);
        }
        double[][] out = new double[n][];
        for (int t = 0; t < n; t++) {
            double[] mixed = new double[config.width()];
            for (int h = 0; h < config.heads(); h++) {
                mix(q[t], k, v, h * (config.width() / config.heads()), mixed);
            }
            out[t] = part(mixed, index, Part.OUT);
        }
        return out;
    }

    /** One head of one query: softmax(q·k/√w)·v on columns from … from + w − 1. */
    private void mix(double[] query, double[][] keysOf, double[][] values, int from, double[] to) {
        int w = config.width() / config.heads();
        double[] odds = new double[keysOf.length];
        double sum = 0;
        for (int t = 0; t < odds.length; t++) {
            double dot = 0;
            for (int c = from; c < from + w; c++) {
                dot += query[c] * keysOf[t][c];
            }
            odds[t] = Math.exp(dot / Math.sqrt(w));
            sum += odds[t];
        }
        for (int t = 0; t < odds.length; t++) {
            for (int c = from; c < from + w; c++) {
                to[c] += odds[t] / sum * values[t][c];
            }
        }
    }

    private double[] activate(double[] x) {
        int inner = config.mlpWidth();
        double[] y = new double[inner];
        for (int i = 0; i < inner; i++) {
            y[i] =
                    switch (config.feedForward()) {
                        case GELU -> x[i] * normalProbability(x[i]);
                        case QUICK_GELU -> x[i] * sigmoid(1.702 * x[i]);
                        case SWIGLU -> x[i] * sigmoid(x[i]) * x[inner + i];
                    };
        }
        return y;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Φ(x) = ½ + φ(x)·Σ x^(2n+1) / (1·3·…·(2n+1)). */
    private static double normalProbability(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= x * x / (2 * n + 1);
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    private double[] scaled(double[] x, int index, int which) {
        if (!config.family().isDinov2()) {
            return x;
        }
        float[] scale = weights.get(keys.scales(index).get(which));
        double[] y = new double[x.length];
        for (int k = 0; k < x.length; k++) {
            y[k] = x[k] * scale[k];
        }
        return y;
    }

    private static double[] add(double[] a, double[] b) {
        double[] sum = new double[a.length];
        for (int k = 0; k < a.length; k++) {
            sum[k] = a[k] + b[k];
        }
        return sum;
    }

    private double[] norm(double[] x, String name) {
        double mean = 0;
        for (double value : x) {
            mean += value / x.length;
        }
        double variance = 0;
        for (double value : x) {
            variance += (value - mean) * (value - mean) / x.length;
        }
        double[] y = new double[x.length];
        for (int k = 0; k < x.length; k++) {
            double unit = (x[k] - mean) / Math.sqrt(variance + config.eps());
            y[k] = unit * weights.get(name + ".weight")[k] + weights.get(name + ".bias")[k];
        }
        return y;
    }

    private double[] linear(double[] x, String weight, @Nullable String bias) {
        float[] w = weights.get(weight);
        double[] y = new double[w.length / x.length];
        for (int row = 0; row < y.length; row++) {
            y[row] = bias == null ? 0 : weights.get(bias)[row];
            for (int k = 0; k < x.length; k++) {
                y[row] += (double) w[row * x.length + k] * x[k];
            }
        }
        return y;
    }
}
