package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.scene.Scene;

/** Thick paint from knife and bristle: broad ridged strokes whose relief catches the light. */
final class Impasto implements Painter {
    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        Raster model = Effects.map(layers.colour(), c -> c.saturate(1.3).times(0.96).clipped());
        Flow flow =
                new Flow(
                        layers,
                        (m, x, y) -> Flow.habit(m, x, y) + 1.6 * (Noise.at(x * 5, y * 5, 7) - 0.5));
        Raster out = model.copy();
        float[] relief = new float[size * size];
        Brush brush = new Brush(out, relief);
        Strokes.Palette thick = Strokes.wandering(6, 0.09);
        new Strokes(1 / 20.0, 0.15, 0.075, 1, 0.75, 0.18, 0).paint(brush, model, flow, thick, dice);
        new Strokes(1 / 30.0, 0.1, 0.045, 1, 0.7, 0.13, 0.015)
                .paint(brush, model, flow, thick, dice);
        new Strokes(1 / 50.0, 0.06, 0.027, 1, 0.6, 0.1, 0.04)
                .paint(brush, model, flow, Strokes.wandering(3, 0.05), dice);
        Effects.emboss(out, relief, 0.7, 0.45);
        return out;
    }
}
