package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/** Tenebrism: one beam of warm light on the main thing, the rest sunk in brown under varnish. */
final class Baroque implements Painter {
    private static final Rgb VARNISH = Rgb.of(0xFFD79A);
    private static final Rgb DARK = Rgb.of(0x120A06);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Look look =
                new Look() {
                    @Override
                    public Rgb shade(Rgb colour, double light) {
                        return light < 0
                                ? colour.mix(DARK, Math.min(1, -1.5 * light))
                                : colour.mix(Rgb.of(0xFFEFC8), light * 0.6);
                    }

                    @Override
                    public Rgb texture(Rgb colour, Shape shape, double x, double y) {
                        return shape.matter() == Matter.SKY ? storm(colour, x, y) : colour;
                    }
                };
        Layers layers = Renderer.render(scene, size, look);
        Raster model = Effects.map(layers.colour(), c -> contrast(c.times(VARNISH)));
        Effects.expose(model, 0.33, 2.4);
        light(model, scene);
        Raster out = model.copy();
        Flow flow = new Flow(layers, Flow::habit);
        new Strokes(1 / 60.0, 0.05, 0.014, 0.5, 0.35, 0.12, 0)
                .paint(new Brush(out), model, flow, Strokes.wandering(4, 0.07), dice);
        Effects.bloom(out, 0.62, 0.03, 0.2);
        Effects.tooth(out, 0.06, 60, 21);
        return out;
    }

    private static Rgb storm(Rgb colour, double x, double y) {
        double cloud = Noise.fractal(x * 4, y * 5, 3, 31);
        return colour.saturate(0.5).mix(Rgb.of(0x4A3826), 0.62).times(0.4 + 1.1 * cloud);
    }

    private static Rgb contrast(Rgb c) {
        double luma = c.luma();
        double curved = luma * luma * (3 - 2 * luma);
        return c.times(curved / Math.max(0.02, luma)).saturate(1.12);
    }

    /** A cone from the upper corner on the lit side, widest at the focus. */
    private static void light(Raster model, Scene scene) {
        int size = model.size();
        double fromX = scene.lightX() < 0 ? -0.05 : 1.05;
        double ax = scene.focusX() - fromX;
        double ay = scene.focusY() + 0.1;
        double length = Math.sqrt(ax * ax + ay * ay);
        for (int i = 0; i < model.pixels(); i++) {
            int row = i / size;
            double x = (i % size + 0.5) / size;
            double y = (row + 0.5) / size;
            double along = ((x - fromX) * ax + (y + 0.1) * ay) / length;
            double across = Math.abs((x - fromX) * ay - (y + 0.1) * ax) / length;
            double beam = Math.max(0, 1 - across / (0.08 + 0.2 * Math.max(0, along)));
            double dx = x - scene.focusX();
            double dy = (y - scene.focusY()) * 0.9;
            double pool = StrictMath.exp(-(dx * dx + dy * dy) / 0.1);
            double lit =
                    Math.min(1.25, 0.24 + 0.98 * pool + 0.24 * beam * (along < length ? 1 : 0.4));
            model.set(i, model.get(i).times(lit).mix(DARK, Math.max(0, 0.25 * (1 - lit))));
        }
    }
}
