package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.draw.Warp;
import dev.stanstudio.synth.scene.Scene;

/** Small stones in mortar: rows that sway, each stone a little turned and of its own shade. */
final class Mosaic implements Painter {
    private static final Rgb MORTAR = Rgb.of(0x8E8474);
    private static final int ROWS = 30;

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Raster model = Renderer.render(scene, size, Look.PLAIN).colour();
        Raster soft = model.blurred(size / (6.0 * ROWS));
        Raster out = new Raster(size).fill(MORTAR);
        Effects.tooth(out, 0.12, 110, 6);
        Pen pen = new Pen(out);
        double side = 1.0 / ROWS;
        for (int row = -1; row <= ROWS; row++) {
            for (int column = -1; column <= ROWS; column++) {
                double x = (column + (row % 2 == 0 ? 0.25 : 0.75)) * side;
                double y = (row + 0.5) * side + 0.012 * StrictMath.sin(x * 9 + row * 0.2);
                stone(pen, soft.near(x * size, y * size), x, y, side, dice);
            }
        }
        return out;
    }

    private static void stone(Pen pen, Rgb seen, double x, double y, double side, Dice dice) {
        Rgb shade = seen.saturate(1.5).lighter(dice.between(-0.16, 0.16)).clipped();
        double half = 0.42 * side * dice.between(0.9, 1.05);
        Warp place = Warp.placed(x, y, half, half, dice.between(-0.2, 0.2));
        pen.fill(Shapes.rect(-1, -1, 1, 1).warped(place), shade.times(0.72), 1);
        Warp face = Warp.placed(x - 0.08 * side, y - 0.08 * side, half, half, 0);
        pen.fill(Shapes.rect(-0.85, -0.85, 0.75, 0.75).warped(face), shade, 1);
        pen.fill(Shapes.rect(-0.75, -0.75, 0.1, -0.4).warped(face), shade.lighter(0.35), 0.7);
    }
}
