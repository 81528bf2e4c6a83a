package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/**
 * Pen and ink: fine contours and hatching that crosses in the shadows, over a light wash on white.
 */
final class Illustration implements Painter {
    private static final Rgb PAPER = Rgb.of(0xFCF9F1);
    private static final Rgb INK = Rgb.of(0x1E1B22);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Look look =
                new Look() {
                    @Override
                    public Shape alter(Shape shape, Scene s) {
                        return shape.recoloured(Illustration::wash);
                    }

                    @Override
                    public double line(Shape shape) {
                        return shape.distance() > 0.7 ? 0.003 : 0.0052;
                    }

                    @Override
                    public Rgb lineColour(Shape shape) {
                        return INK;
                    }
                };
        Layers layers = Renderer.render(scene, size, look);
        Raster toned = Renderer.render(scene, size, Look.PLAIN).colour();
        float[] luma = toned.lumas();
        equalise(luma);
        Raster out = layers.colour();
        hatch(out, layers, luma, dice.between(0, 10));
        edge(out, dice);
        return out;
    }

    private static Rgb wash(Rgb c) {
        return c.luma() < 0.2 && c.saturation() < 0.35 ? c : PAPER.mix(c.lighter(0.2), 0.52);
    }

    /** Stretches tones so that night scenes still show paper. */
    private static void equalise(float[] luma) {
        float mean = 0;
        for (float v : luma) {
            mean += v / luma.length;
        }
        float lift = 0.62f - mean;
        for (int i = 0; i < luma.length; i++) {
            luma[i] = luma[i] + lift;
        }
    }

    private static void hatch(Raster out, Layers layers, float[] luma, double phase) {
        int size = out.size();
        for (int i = 0; i < luma.length; i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            double wobble = 0.35 * Noise.at(x * 9, y * 9, 50) + phase;
            boolean sky = layers.matter(i) == Matter.SKY || layers.matter(i) == Matter.WATER;
            double first = sky ? y : x + y;
            double ink = 0;
            if (luma[i] < 0.6) {
                ink = stripe(first * 40 + wobble, 0.6 - luma[i]);
            }
            if (luma[i] < 0.43) {
                ink = Math.max(ink, stripe((sky ? x + y : x - y) * 40 + wobble, 0.43 - luma[i]));
            }
            if (luma[i] < 0.27) {
                ink = Math.max(ink, stripe((sky ? x - y : y * 1.4) * 40, 0.3));
            }
            out.lay(i, INK, (float) (0.82 * ink));
        }
    }

    /** Soft-edged stripe of period 1, wider the darker it should be. */
    private static double stripe(double t, double dark) {
        double u = Math.abs(t - Math.floor(t) - 0.5) * 2;
        double width = 0.25 + 0.5 * Math.min(1, dark * 2.4);
        return Math.max(0, Math.min(1, (width - u) * 3 + 0.25));
    }

    /** Leaves the drawing with a torn edge on the sheet. */
    private static void edge(Raster out, Dice dice) {
        int size = out.size();
        int seed = dice.below(1000);
        for (int i = 0; i < out.pixels(); i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            double rim = Math.min(Math.min(x, 1 - x), Math.min(y, 1 - y));
            double torn = rim + 0.06 * (Noise.at(x * 22, y * 22, seed) - 0.5) - 0.045;
            out.lay(i, PAPER, (float) Math.max(0, Math.min(1, 0.5 - torn * 60)));
        }
    }
}
