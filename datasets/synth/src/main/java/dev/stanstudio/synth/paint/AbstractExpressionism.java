package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;

/** The forms survive as a few torn swathes of their colours under sweeps, drips and spatter. */
final class AbstractExpressionism implements Painter {
    private static final Rgb CANVAS = Rgb.of(0xEDE6D6);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        Raster model = Effects.map(layers.colour(), c -> c.saturate(1.5).clipped());
        Raster soft = model.blurred(size / 26.0);
        Raster out = new Raster(size).fill(CANVAS);
        Brush brush = new Brush(out);
        double lean = dice.between(0, 3);
        Flow wild = new Flow(layers, (m, x, y) -> lean + 5 * Noise.at(x * 2.2, y * 2.2, 40));
        new Strokes(1 / 11.0, 0.32, 0.11, 0.9, 0.9, 9, 0)
                .paint(brush, soft, wild, Strokes.wandering(10, 0.15), dice);
        new Strokes(1 / 22.0, 0.12, 0.035, 0.9, 0.8, 0.2, 0)
                .paint(brush, model, wild, AbstractExpressionism::sparse, dice);
        gestures(brush, size, dice);
        drips(brush, soft, dice);
        spatter(brush, soft, dice);
        Effects.tooth(out, 0.05, 80, 4);
        return out;
    }

    private static Rgb sparse(Rgb seen, Dice dice) {
        Rgb tone = seen.turned(dice.between(-15, 15)).times(1 + 0.25 * dice.between(-1, 1));
        return dice.chance(0.15) ? CANVAS : tone;
    }

    /** Black and white sweeps of the whole arm. */
    private static void gestures(Brush brush, int size, Dice dice) {
        for (int i = 0; i < 6; i++) {
            int count = 26;
            float[] points = new float[2 * count];
            double x = dice.between(0.05, 0.95);
            double y = dice.between(0.05, 0.95);
            double angle = dice.between(0, 6.28);
            double turn = dice.between(-0.2, 0.2);
            for (int k = 0; k < count; k++) {
                points[2 * k] = (float) (x * size);
                points[2 * k + 1] = (float) (y * size);
                x += 0.026 * StrictMath.cos(angle);
                y += 0.026 * StrictMath.sin(angle);
                angle += turn;
                turn += dice.between(-0.055, 0.055);
            }
            Rgb paint = i < 4 ? Rgb.of(0x131114) : Rgb.of(0xF7F3E8);
            brush.stroke(points, count, dice.between(0.012, 0.034) * size, paint, 0.95, 0.5);
        }
    }

    private static void drips(Brush brush, Raster model, Dice dice) {
        int size = model.size();
        for (int i = 0; i < 16; i++) {
            float x = (float) (dice.unit() * size);
            float y = (float) (dice.between(0, 0.7) * size);
            float length = (float) (dice.between(0.1, 0.34) * size);
            Rgb paint =
                    dice.chance(0.35)
                            ? Rgb.of(0x17141A)
                            : model.near(x, y).saturate(1.3).times(0.85);
            brush.stroke(new float[] {x, y, x, y + length}, 2, 0.008 * size, paint, 0.95, 0);
            brush.dot(x, y + length, 0.0085 * size, paint, 0.95);
        }
    }

    private static void spatter(Brush brush, Raster model, Dice dice) {
        int size = model.size();
        for (int burst = 0; burst < 9; burst++) {
            double x = dice.unit();
            double y = dice.unit();
            Rgb paint =
                    dice.pick(
                            Rgb.of(0x131114),
                            Rgb.of(0xF7F3E8),
                            model.near(x * size, y * size).saturate(1.6).clipped(),
                            Rgb.of(0xD8261C),
                            Rgb.of(0xF2C21C));
            for (int i = 0; i < 16; i++) {
                double r = 0.013 * dice.unit() * dice.unit() + 0.003;
                brush.dot(
                        (x + 0.09 * dice.bell()) * size,
                        (y + 0.09 * dice.bell()) * size,
                        r * size,
                        paint,
                        0.95);
            }
        }
    }
}
