package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.scene.Scene;

/** A mesh of flat triangles, each in one colour and tilted a little towards the light or away. */
final class LowPoly implements Painter {
    private static final int CELLS = 18;

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Raster model = Renderer.render(scene, size, Look.PLAIN).colour();
        Raster soft = model.blurred(size / (7.0 * CELLS));
        double[] xs = new double[(CELLS + 1) * (CELLS + 1)];
        double[] ys = new double[xs.length];
        for (int k = 0; k < xs.length; k++) {
            int column = k % (CELLS + 1);
            int row = Math.floorDiv(k, CELLS + 1);
            boolean rim = column == 0 || row == 0 || column == CELLS || row == CELLS;
            double free = rim ? 0 : 0.36;
            xs[k] = (column + dice.between(-free, free + 1e-9)) / CELLS;
            ys[k] = (row + dice.between(-free, free + 1e-9)) / CELLS;
        }
        Raster out = soft.copy();
        Pen pen = new Pen(out);
        for (int row = 0; row < CELLS; row++) {
            for (int column = 0; column < CELLS; column++) {
                int a = row * (CELLS + 1) + column;
                int c = a + CELLS + 1;
                boolean slash = dice.chance(0.5);
                triangle(pen, soft, xs, ys, a, a + 1, slash ? c : c + 1, dice);
                triangle(pen, soft, xs, ys, slash ? a + 1 : a, c, c + 1, dice);
            }
        }
        return out;
    }

    private static void triangle(
            Pen pen, Raster model, double[] xs, double[] ys, int a, int b, int c, Dice dice) {
        double x = (xs[a] + xs[b] + xs[c]) / 3;
        double y = (ys[a] + ys[b] + ys[c]) / 3;
        Rgb seen = model.between(x * model.size(), y * model.size());
        Rgb facet = seen.saturate(1.2).lighter(dice.between(-0.1, 0.1)).clipped();
        double grow = 1 + 0.06;
        pen.fill(
                Shapes.polygon(
                        x + (xs[a] - x) * grow,
                        y + (ys[a] - y) * grow,
                        x + (xs[b] - x) * grow,
                        y + (ys[b] - y) * grow,
                        x + (xs[c] - x) * grow,
                        y + (ys[c] - y) * grow),
                facet,
                1);
    }
}
