package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/** Long swirling strokes of pure cobalt, chrome yellow and green, with dark blue contours. */
final class PostImpressionism implements Painter {
    private static final Rgb COBALT = Rgb.of(0x1F3FA8);
    private static final Rgb CHROME = Rgb.of(0xFFC928);

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
                        return Rgb.of(0x14205A);
                    }
                };
        Layers layers = Renderer.render(scene, size, look);
        Raster model = Effects.map(layers.colour(), PostImpressionism::pure);
        double[] eddies = eddies(scene, dice);
        Flow flow = new Flow(layers, (matter, x, y) -> whirl(eddies, matter, x, y));
        Raster out = model.copy();
        Brush brush = new Brush(out);
        Strokes.Palette palette = (seen, d) -> striped(seen, d);
        new Strokes(1 / 34.0, 0.2, 0.026, 1, 0.35, 0.2, 0).paint(brush, model, flow, palette, dice);
        new Strokes(1 / 40.0, 0.15, 0.0165, 1, 0.3, 0.14, 0)
                .paint(brush, model, flow, palette, dice);
        new Strokes(1 / 85.0, 0.05, 0.01, 1, 0.2, 0.1, 0.035)
                .paint(brush, model, flow, Strokes.wandering(6, 0.1), dice);
        return out;
    }

    /** Centres around which strokes turn: x, y, sense. */
    private static double[] eddies(Scene scene, Dice dice) {
        double sky = Math.max(0.2, scene.horizon());
        return new double[] {
            dice.between(0.1, 0.35), sky * dice.between(0.2, 0.4), 1,
            dice.between(0.45, 0.6), sky * dice.between(0.45, 0.65), -1,
            dice.between(0.75, 0.95), sky * dice.between(0.15, 0.45), 1
        };
    }

    private static double whirl(double[] eddies, Matter matter, double x, double y) {
        if (matter != Matter.SKY && matter != Matter.CLOUD && matter != Matter.LIGHT) {
            return Flow.habit(matter, x, y) + 0.5 * StrictMath.sin(x * 11 + y * 5);
        }
        double vx = 0;
        double vy = 0;
        for (int i = 0; i < eddies.length; i += 3) {
            double dx = x - eddies[i];
            double dy = y - eddies[i + 1];
            double weight = 1 / (dx * dx + dy * dy + 0.004);
            vx -= dy * weight * eddies[i + 2];
            vy += dx * weight * eddies[i + 2];
        }
        return StrictMath.atan2(vy, vx);
    }

    private static Rgb pure(Rgb c) {
        Rgb strong = c.saturate(1.55).clipped();
        double luma = c.luma();
        return luma < 0.45
                ? strong.mix(COBALT, 0.4 * (1 - luma))
                : strong.mix(CHROME, 0.28 * Math.max(0, luma - 0.55));
    }

    private static Rgb striped(Rgb seen, Dice dice) {
        double kind = dice.unit();
        Rgb tone = seen.turned(dice.between(-12, 12)).times(1 + 0.22 * dice.between(-1, 1));
        return kind < 0.12 ? tone.mix(CHROME, 0.4) : kind < 0.3 ? tone.mix(COBALT, 0.4) : tone;
    }
}
