package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Blur;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Warp;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/**
 * Transparent washes on white paper: pigment gathers at wet edges, runs over lines and granulates.
 */
final class Watercolour implements Painter {
    private static final Rgb PAPER = Rgb.of(0xFDFBF5);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        int seed = dice.below(10_000);
        Look look =
                new Look() {
                    @Override
                    public Shape alter(Shape shape, Scene s) {
                        return shape.with(shape.contour().divided(0.04).warped(tremble(seed)));
                    }

                    @Override
                    public Rgb shade(Rgb colour, double light) {
                        return light < 0
                                ? colour.mix(colour.times(0.55), -light)
                                : colour.mix(PAPER, light * 0.85);
                    }
                };
        Layers layers = Renderer.render(scene, size, look);
        Raster pigment = bleed(layers.colour(), size, seed);
        float[] edge = Effects.contours(layers);
        Blur.gaussian(edge, size, size / 220.0);
        float[] gap = edge.clone();
        Blur.gaussian(gap, size, size / 100.0);
        Raster out = new Raster(size);
        for (int i = 0; i < out.pixels(); i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            double pool = Noise.fractal(x * 5, y * 5, 3, seed + 5);
            double grain = Noise.at(x * 100, y * 100, seed + 9) - 0.5;
            double density =
                    0.42 + 0.6 * pool + 0.14 * grain + 0.75 * Math.min(1, edge[i]) - 0.12 * gap[i];
            density *= sheet(x, y, seed);
            out.set(i, absorb(pigment.get(i), density));
        }
        return out;
    }

    private static Warp tremble(int seed) {
        return new Warp() {
            @Override
            public double x(double x, double y) {
                return x + 0.016 * (Noise.at(x * 12, y * 12, seed + 1) - 0.5);
            }

            @Override
            public double y(double x, double y) {
                return y + 0.016 * (Noise.at(x * 12, y * 12, seed + 2) - 0.5);
            }
        };
    }

    /**
     * Wet areas run: colours are fetched from a little way off, more in some places than in others.
     */
    private static Raster bleed(Raster from, int size, int seed) {
        Raster soft = from.blurred(size / 40.0);
        Raster out = new Raster(size);
        for (int i = 0; i < out.pixels(); i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            double wet = Math.max(0, Noise.fractal(x * 4, y * 4, 2, seed + 3) - 0.42) * 2.2;
            out.set(i, from.get(i).mix(soft.get(i), Math.min(0.8, wet)));
        }
        return out;
    }

    /** Beer's law: the paper seen twice through a layer of the given density. */
    private static Rgb absorb(Rgb colour, double density) {
        Rgb c = colour.saturate(1.15).lighter(0.12).clipped();
        return new Rgb(
                filter(c.r(), PAPER.r(), density),
                filter(c.g(), PAPER.g(), density),
                filter(c.b(), PAPER.b(), density));
    }

    private static float filter(float c, float paper, double density) {
        return (float) (paper * StrictMath.pow(Math.max(0.06, c), density));
    }

    /** 0 on the bare rim of the sheet, 1 inside. */
    private static double sheet(double x, double y, int seed) {
        double rim = Math.min(Math.min(x, 1 - x), Math.min(y, 1 - y));
        double t = (rim - 0.05 + 0.11 * (Noise.fractal(x * 9, y * 9, 2, seed + 20) - 0.5)) * 22;
        double inside = Math.max(0, Math.min(1, t));
        double ridge = Math.max(0, 1 - Math.abs(t - 1) * 1.4);
        return inside * (1 + 0.35 * ridge);
    }
}
