package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/** The sublime: a vortex of storm and golden light, the land dark and small below it. */
final class Romanticism implements Painter {
    private static final Rgb GLOW = Rgb.of(0xFFD98A);
    private static final Rgb STORM = Rgb.of(0x3B4250);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        double eyeX = scene.lightX() < 0 ? dice.between(0.22, 0.4) : dice.between(0.6, 0.78);
        double eyeY = Math.max(0.2, scene.horizon() - 0.18);
        int seed = dice.below(1000);
        Look look =
                new Look() {
                    @Override
                    public Rgb texture(Rgb colour, Shape shape, double x, double y) {
                        return switch (shape.matter()) {
                            case SKY, CLOUD -> storm(colour, x - eyeX, y - eyeY, seed);
                            default -> backlit(colour, x - eyeX, y - eyeY);
                        };
                    }
                };
        Layers layers = Renderer.render(scene, size, look);
        Raster model = layers.colour();
        Effects.expose(model, 0.3, 1.7);
        Flow flow =
                new Flow(
                        layers,
                        (m, x, y) ->
                                m == Matter.SKY || m == Matter.CLOUD
                                        ? StrictMath.atan2(x - eyeX, eyeY - y)
                                        : Flow.habit(m, x, y));
        Raster out = model.blurred(size / 160.0);
        new Strokes(1 / 36.0, 0.11, 0.03, 0.5, 0.7, 0.2, 0)
                .paint(new Brush(out), model, flow, Strokes.wandering(5, 0.1), dice);
        new Strokes(1 / 76.0, 0.03, 0.011, 0.7, 0.4, 0.12, 0.03)
                .paint(new Brush(out), model, flow, Strokes.wandering(3, 0.06), dice);
        Effects.bloom(out, 0.6, 0.05, 0.28);
        Effects.vignette(out, eyeX, eyeY + 0.15, 0.35, 1.0, Rgb.of(0x14110F), 0.7);
        Effects.tooth(out, 0.05, 60, 13);
        return out;
    }

    private static Rgb storm(Rgb colour, double dx, double dy, int seed) {
        double r = Math.sqrt(dx * dx + dy * dy * 1.6);
        double turn = StrictMath.atan2(dy, dx);
        double cloud =
                Noise.fractal(
                        r * 7 + 1.6 * turn / StrictMath.PI,
                        3 + turn * 0.9 * (1 - Math.min(1, r)) + r * 3,
                        4,
                        seed);
        double glow = StrictMath.exp(-r * r / 0.055);
        Rgb mass = colour.saturate(0.6).mix(STORM, 0.6).times(0.45 + 0.95 * cloud);
        Rgb torn =
                mass.mix(
                        Rgb.of(0xE8A860), Math.max(0, cloud - 0.42) * 2 * Math.max(0, 1 - r * 1.3));
        return torn.mix(GLOW.lighter(0.35), Math.min(1, 1.15 * glow * (0.5 + cloud)));
    }

    private static Rgb backlit(Rgb colour, double dx, double dy) {
        double near = StrictMath.exp(-(dx * dx + dy * dy) / 0.1);
        return colour.saturate(0.8).times(Rgb.of(0xB09478)).times(0.95).mix(GLOW, 0.34 * near);
    }
}
