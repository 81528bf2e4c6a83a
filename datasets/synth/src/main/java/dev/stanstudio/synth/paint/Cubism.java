package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Blur;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/** The scene broken into facets, each seen from somewhere else, in ochre, umber and slate. */
final class Cubism implements Painter {
    private static final int FACETS = 36;
    private static final Rgb OCHRE = Rgb.of(0xC09A5E);
    private static final Rgb SLATE = Rgb.of(0x5E6E78);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Look look =
                new Look() {
                    @Override
                    public double line(Shape shape) {
                        return 0.007;
                    }

                    @Override
                    public Rgb lineColour(Shape shape) {
                        return Rgb.of(0x2A211B);
                    }
                };
        Raster model = Effects.map(Renderer.render(scene, size, look).colour(), Cubism::earth);
        double[][] facets = facets(scene, dice);
        Raster out = new Raster(size);
        int[] owner = new int[size * size];
        for (int i = 0; i < owner.length; i++) {
            place(out, model, facets, owner, i);
        }
        edges(out, owner);
        Effects.tooth(out, 0.08, 70, 9);
        return out;
    }

    private static Rgb earth(Rgb c) {
        Rgb ground =
                c.luma() > 0.42
                        ? OCHRE.lighter((c.luma() - 0.5) * 1.1)
                        : SLATE.lighter((c.luma() - 0.42) * 1.2);
        Rgb lifted = c.luma() < 0.35 ? c.times(1 + 0.9 * (0.35 - c.luma()) / 0.35) : c;
        return lifted.saturate(0.95).mix(ground, 0.4);
    }

    /** x, y, shift x, shift y, turn, scale, shading direction, shading, steepness in x. */
    private static double[][] facets(Scene scene, Dice dice) {
        double[][] out = new double[FACETS][];
        for (int i = 0; i < FACETS; i++) {
            boolean inner = i % 2 == 0;
            double x = inner ? scene.focusX() + 0.24 * dice.bell() : dice.unit();
            double y = inner ? scene.focusY() + 0.24 * dice.bell() : dice.unit();
            out[i] =
                    new double[] {
                        x,
                        y,
                        dice.between(-0.06, 0.06),
                        dice.between(-0.06, 0.06),
                        dice.between(-0.42, 0.42),
                        dice.between(0.82, 1.2),
                        dice.between(0, 6.28),
                        dice.between(1.8, 4),
                        dice.between(-0.12, 0.12)
                    };
        }
        return out;
    }

    private static void place(Raster out, Raster model, double[][] facets, int[] owner, int i) {
        int size = model.size();
        double x = (i % size + 0.5) / size;
        double y = (Math.floorDiv(i, size) + 0.5) / size;
        int best = 0;
        double least = Double.MAX_VALUE;
        for (int k = 0; k < facets.length; k++) {
            double dx = x - facets[k][0];
            double dy = y - facets[k][1];
            double d = dx * dx + dy * dy + 0.35 * Math.abs(dx * dy);
            if (d < least) {
                least = d;
                best = k;
            }
        }
        owner[i] = best;
        double[] f = facets[best];
        double dx = x - f[0];
        double dy = y - f[1];
        double cos = StrictMath.cos(f[4]) / f[5];
        double sin = StrictMath.sin(f[4]) / f[5];
        double sx = f[0] + f[2] + dx * cos - dy * sin;
        double sy = f[1] + f[3] + dx * sin + dy * cos;
        double ramp = (dx * StrictMath.cos(f[6]) + dy * StrictMath.sin(f[6])) * f[7];
        Rgb seen = model.between(sx * size, sy * size);
        out.set(i, seen.lighter(Math.max(-0.5, Math.min(0.45, ramp))));
    }

    private static void edges(Raster out, int[] owner) {
        int size = out.size();
        float[] line = new float[owner.length];
        for (int y = 0; y < size - 1; y++) {
            for (int x = 0; x < size - 1; x++) {
                int i = y * size + x;
                if (owner[i] != owner[i + 1] || owner[i] != owner[i + size]) {
                    line[i] = 1;
                }
            }
        }
        if (size > 160) {
            Blur.gaussian(line, size, size / 256.0);
        }
        for (int i = 0; i < line.length; i++) {
            out.lay(i, Rgb.of(0x2B211A), Math.min(0.75f, line[i] * (size > 160 ? 1.6f : 0.7f)));
        }
    }
}
