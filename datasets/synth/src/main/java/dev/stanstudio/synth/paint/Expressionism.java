package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Warp;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/** Leaning, swaying forms in clashing colours under a burning sky, with rough black contours. */
final class Expressionism implements Painter {
    private static final Rgb INK = Rgb.of(0x160E18);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Warp sway = sway(dice);
        double burn = dice.between(0, 1);
        Look look =
                new Look() {
                    @Override
                    public Shape alter(Shape shape, Scene s) {
                        Shape bent = shape.with(shape.contour().divided(0.05).warped(sway));
                        return bent.recoloured(c -> clash(c, shape.matter()));
                    }

                    @Override
                    public double line(Shape shape) {
                        return 0.0105;
                    }

                    @Override
                    public Rgb lineColour(Shape shape) {
                        return INK;
                    }

                    @Override
                    public Rgb shade(Rgb colour, double light) {
                        return light < 0
                                ? colour.mix(Rgb.of(0x1B1F5E), -0.75 * light)
                                : colour.mix(Rgb.of(0xF6E05A), light * 0.5);
                    }

                    @Override
                    public Rgb texture(Rgb colour, Shape shape, double x, double y) {
                        return shape.matter() == Matter.SKY ? flames(colour, x, y, burn) : colour;
                    }
                };
        Layers layers = Renderer.render(scene, size, look);
        Raster model = layers.colour();
        Flow flow =
                new Flow(
                        layers,
                        (matter, x, y) ->
                                0.7 * StrictMath.sin(x * 7 + burn * 6)
                                        + Flow.habit(matter, x, y) * 0.3);
        Raster out = model.copy();
        Brush brush = new Brush(out);
        new Strokes(1 / 24.0, 0.13, 0.045, 0.75, 0.8, 0.13, 0)
                .paint(brush, model, flow, Strokes.wandering(14, 0.2), dice);
        new Strokes(1 / 80.0, 0.05, 0.016, 0.95, 0.4, 0.1, 0.035)
                .paint(brush, model, flow, Strokes.wandering(4, 0.08), dice);
        return out;
    }

    private static Warp sway(Dice dice) {
        double phase = dice.between(0, 6);
        double lean = dice.between(0.06, 0.12) * (dice.chance(0.5) ? 1 : -1);
        return new Warp() {
            @Override
            public double x(double x, double y) {
                return x + lean * (0.6 - y) + 0.028 * StrictMath.sin(y * 11 + phase);
            }

            @Override
            public double y(double x, double y) {
                return y + 0.024 * StrictMath.sin(x * 9 + phase * 1.7);
            }
        };
    }

    private static Rgb clash(Rgb c, Matter matter) {
        double value = Math.min(1, c.value() * 0.75 + 0.3);
        double strong = Math.min(1, c.saturation() * 1.25 + 0.3);
        return switch (matter) {
            case SKIN -> Rgb.hsv(68, 0.6, value);
            case FAR -> Rgb.hsv(275, 0.7, value * 0.75);
            case GROUND -> Rgb.hsv(c.hue() + 45, strong, value * 0.85);
            case FOLIAGE -> Rgb.hsv(c.hue() + 50, strong, value * 0.85);
            case WATER -> Rgb.hsv(c.hue() - 25, strong, value * 0.85);
            default -> Rgb.hsv(c.hue() + 10, strong, value);
        };
    }

    private static Rgb flames(Rgb sky, double x, double y, double phase) {
        double wave =
                y * 13
                        + 1.5 * StrictMath.sin(x * 6 + phase * 6)
                        + 0.7 * StrictMath.sin(x * 13 - phase * 9);
        double band = 0.5 + 0.5 * StrictMath.sin(wave * 1.7);
        double dark = sky.luma() < 0.3 ? 0.55 : 1;
        Rgb hot = Rgb.of(0xF4502A).mix(Rgb.of(0xFFC42E), band);
        return hot.mix(Rgb.of(0x7A1F5C), 0.55 * Math.max(0, 0.4 - band)).times(dark);
    }
}
