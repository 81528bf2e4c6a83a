package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Blur;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;

/** Burnt wood on rough paper: smudged tones, grain that breaks the strokes, dark soft contours. */
final class Charcoal implements Painter {
    private static final Rgb PAPER = Rgb.of(0xDAD6CD);
    private static final Rgb COAL = Rgb.of(0x1B1A1A);
    private static final double STROKES = 46;

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        float[] dark = layers.colour().lumas();
        Effects.stretch(dark);
        for (int i = 0; i < dark.length; i++) {
            dark[i] = 1 - dark[i];
        }
        float[] smudge = dark.clone();
        Blur.gaussian(smudge, size, size / 40.0);
        float[] line = Effects.contours(layers);
        Blur.gaussian(line, size, size / 110.0);
        double slant = dice.between(0.7, 1.3);
        Raster out = new Raster(size);
        for (int i = 0; i < out.pixels(); i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            double tooth = Noise.at(x * 150, y * 150, 11);
            double stroke = stroke(x, y, slant);
            double tone = 0.62 * smudge[i] + Math.max(0, dark[i] - 0.3) * stroke;
            double coal = tone * (0.55 + 0.75 * tooth) + Math.min(0.9, line[i] * (1.1 + tooth));
            out.set(i, PAPER.mix(COAL, Math.max(0, Math.min(0.96, coal))));
        }
        Effects.tooth(out, 0.05, 130, 4);
        return out;
    }

    /** Slanting strokes whose edges tremble, 0 … 1. */
    private static double stroke(double x, double y, double slant) {
        double t = (slant * x + y + 0.02 * Noise.at(x * 12, y * 12, 7)) * STROKES;
        double wave = 1 - 2 * Math.abs(t - Math.floor(t) - 0.5);
        return Math.min(1, 1.8 * wave) * (0.5 + 0.8 * Noise.at(x * 6, y * 40, 2));
    }
}
