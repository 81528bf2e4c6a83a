package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Shape;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Effects on a whole picture that several styles share. */
final class Effects {
    private Effects() {}

    /** Every pixel changed alike. */
    static Raster map(Raster raster, UnaryOperator<Rgb> change) {
        for (int i = 0; i < raster.pixels(); i++) {
            raster.set(i, change.apply(raster.get(i)));
        }
        return raster;
    }

    /**
     * Brightens a dark picture towards the mean luma {@code target}, at most {@code limit} times.
     */
    static void expose(Raster raster, double target, double limit) {
        double mean = 0;
        for (int i = 0; i < raster.pixels(); i++) {
            mean += raster.luma(i);
        }
        double gain = Math.min(limit, target * raster.pixels() / Math.max(1e-3, mean));
        for (int i = 0; gain > 1 && i < raster.pixels(); i++) {
            raster.scale(i, gain);
        }
    }

    /** Spreads the tones of a picture: the darkest 4 % become nearly black, the lightest white. */
    static void spread(Raster raster) {
        float[] sorted = raster.lumas();
        Arrays.sort(sorted);
        float low = sorted[sorted.length / 25];
        float high = sorted[sorted.length - 1 - sorted.length / 25];
        double gain = 0.85 / Math.max(0.05, high - low);
        map(
                raster,
                c ->
                        new Rgb(
                                tone(c.r(), low, gain),
                                tone(c.g(), low, gain),
                                tone(c.b(), low, gain)));
    }

    private static float tone(float channel, float low, double gain) {
        return (float) (0.08 + (channel - low) * gain);
    }

    /** Light that spills from what is brighter than {@code threshold}. */
    static void bloom(Raster raster, double threshold, double radius, double strength) {
        Raster light = raster.copy();
        for (int i = 0; i < light.pixels(); i++) {
            double over = Math.max(0, light.luma(i) - threshold) / (1 - threshold);
            light.scale(i, over);
        }
        Raster soft = light.blurred(radius * raster.size());
        for (int i = 0; i < raster.pixels(); i++) {
            raster.shine(i, soft.get(i), strength);
        }
    }

    /**
     * Towards {@code rim} with growing distance from (x, y), from {@code inner} to {@code outer}.
     */
    static void vignette(
            Raster raster,
            double x,
            double y,
            double inner,
            double outer,
            Rgb rim,
            double strength) {
        int size = raster.size();
        for (int i = 0; i < raster.pixels(); i++) {
            double dx = (i % size + 0.5) / size - x;
            double dy = (Math.floorDiv(i, size) + 0.5) / size - y;
            double t = (Math.sqrt(dx * dx + dy * dy) - inner) / (outer - inner);
            double s = Math.max(0, Math.min(1, t));
            raster.lay(i, rim, (float) (strength * s * s * (3 - 2 * s)));
        }
    }

    /** The tooth of paper or canvas: tones wander by {@code strength}. */
    static void tooth(Raster raster, double strength, double grains, int seed) {
        int size = raster.size();
        for (int i = 0; i < raster.pixels(); i++) {
            double x = (double) (i % size) / size * grains;
            double y = (double) Math.floorDiv(i, size) / size * grains;
            raster.scale(i, 1 + strength * (Noise.at(x, y, seed) - 0.5) * 2);
        }
    }

    /** Lights a relief from the upper left and adds a gloss on its ridges. */
    static void emboss(Raster raster, float[] relief, double depth, double gloss) {
        int size = raster.size();
        for (int y = 1; y < size - 1; y++) {
            for (int x = 1; x < size - 1; x++) {
                int i = y * size + x;
                float slope = relief[i + 1] - relief[i - 1] + relief[i + size] - relief[i - size];
                raster.scale(i, Math.max(0.35, 1 + depth * slope));
                raster.shine(i, Rgb.grey(1), gloss * Math.max(0, slope - 0.25));
            }
        }
    }

    /** Spreads tones evenly between the 4th and the 96th percentile. */
    static void stretch(float[] luma) {
        float[] sorted = luma.clone();
        Arrays.sort(sorted);
        float low = sorted[sorted.length / 25];
        float high = sorted[sorted.length - 1 - sorted.length / 25];
        for (int i = 0; i < luma.length; i++) {
            luma[i] = 0.1f + 0.8f * (luma[i] - low) / Math.max(0.05f, high - low);
        }
    }

    /** 1 on the contours that a draughtsman would draw, by change of owner between neighbours. */
    static float[] contours(Layers layers) {
        int size = layers.size();
        float[] out = new float[size * size];
        int[] owner = layers.owners().index;
        for (int y = 0; y < size - 1; y++) {
            for (int x = 0; x < size - 1; x++) {
                int i = y * size + x;
                if (drawn(layers, owner[i], owner[i + 1])) {
                    out[i] = 1;
                }
                if (drawn(layers, owner[i], owner[i + size])) {
                    out[i] = 1;
                }
            }
        }
        return out;
    }

    private static boolean drawn(Layers layers, int a, int b) {
        if (a == b) {
            return false;
        }
        Shape upper = layers.shapes().get(Math.max(a, b));
        return upper.drawnLine();
    }
}
