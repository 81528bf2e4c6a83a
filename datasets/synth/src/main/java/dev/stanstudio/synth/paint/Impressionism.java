package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;

/** Short broken strokes along the forms, high key, violet shadows, no contours. */
final class Impressionism implements Painter {
    private static final Rgb SHADOW = Rgb.of(0x5B5F9E);
    private static final Rgb SUNLIGHT = Rgb.of(0xFFF0CC);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        Raster model = Effects.map(layers.colour(), Impressionism::key);
        Flow flow = new Flow(layers, Flow::habit);
        Raster out = model.blurred(size / 40.0);
        Brush brush = new Brush(out);
        Strokes.Palette broken = (seen, d) -> broken(seen, d);
        new Strokes(1 / 34.0, 0.075, 0.034, 0.9, 0.5, 0.22, 0)
                .paint(brush, model, flow, broken, dice);
        new Strokes(1 / 46.0, 0.05, 0.021, 0.9, 0.5, 0.16, 0)
                .paint(brush, model, flow, broken, dice);
        new Strokes(1 / 80.0, 0.028, 0.012, 0.85, 0.3, 0.12, 0.03)
                .paint(brush, model, flow, broken, dice);
        return out;
    }

    private static Rgb key(Rgb c) {
        double dark = Math.max(0, 0.45 - c.luma());
        return c.mix(SHADOW, Math.min(0.5, dark * 1.2))
                .mix(SUNLIGHT, 0.12)
                .lighter(0.08)
                .saturate(1.12)
                .clipped();
    }

    private static Rgb broken(Rgb seen, Dice dice) {
        Rgb tone = seen.turned(dice.between(-16, 16)).times(1 + 0.16 * dice.between(-1, 1));
        double kind = dice.unit();
        return kind < 0.1 ? tone.mix(SUNLIGHT, 0.6) : kind < 0.2 ? tone.mix(SHADOW, 0.35) : tone;
    }
}
