package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Filler;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.draw.Warp;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/**
 * A dream: things melt downwards over a chequered plain, with long shadows and floating spheres.
 */
final class Surrealism implements Painter {
    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        double phase = dice.between(0, 6);
        double plain = Math.max(0.6, Math.min(0.8, scene.horizon() + 0.06));
        Look look =
                new Look() {
                    @Override
                    public Shape alter(Shape shape, Scene s) {
                        return melts(shape.matter())
                                ? shape.with(shape.contour().divided(0.02).warped(melt(phase)))
                                : shape;
                    }

                    @Override
                    public Rgb texture(Rgb colour, Shape shape, double x, double y) {
                        return switch (shape.matter()) {
                            case SKY, CLOUD -> desert(x, y, plain, scene.mood().dark());
                            case GROUND, WATER, FAR ->
                                    y > plain
                                            ? chequers(colour, x, y, plain)
                                            : colour.mix(desert(x, y, plain, false), 0.35);
                            default -> colour.saturate(1.1);
                        };
                    }

                    @Override
                    public Rgb shade(Rgb colour, double light) {
                        return light < 0
                                ? colour.mix(Rgb.of(0x2A1B33), -1.1 * light > 1 ? 1 : -1.1 * light)
                                : colour.mix(Rgb.of(0xFFF3D8), light * 0.7);
                    }
                };
        Raster out = Renderer.render(scene, size, look).colour();
        shadows(out, scene, plain, dice);
        return out;
    }

    private static boolean melts(Matter matter) {
        return switch (matter) {
            case SKY, GROUND, WATER, FAR, WEATHER -> false;
            default -> true;
        };
    }

    /** Hangs the lower parts of things in long drops. */
    private static Warp melt(double phase) {
        return new Warp() {
            @Override
            public double x(double x, double y) {
                return x + 0.03 * StrictMath.sin(y * 9 + phase);
            }

            @Override
            public double y(double x, double y) {
                double drop = 0.5 + 0.5 * StrictMath.sin(x * 31 + phase * 3);
                double drop2 = 0.5 + 0.5 * StrictMath.sin(x * 13 + phase);
                return y + 0.085 * drop * drop * drop2;
            }
        };
    }

    private static Rgb desert(double x, double y, double plain, boolean dark) {
        double t = Math.min(1, y / plain);
        Rgb top = dark ? Rgb.of(0x14303E) : Rgb.of(0x2E7F92);
        Rgb low = dark ? Rgb.of(0xA9754F) : Rgb.of(0xF6DFA0);
        return top.mix(low, t * t * (3 - 2 * t))
                .mix(Rgb.of(0xE59B5E), 0.4 * Math.max(0, t - 0.75) * 4 * (0.6 + 0.4 * x));
    }

    private static Rgb chequers(Rgb colour, double x, double y, double plain) {
        double depth = 0.16 / (y - plain + 0.02);
        int column = (int) Math.floor((x - 0.5) * depth * 1.6 + 100);
        int row = (int) Math.floor(depth * 3.4);
        Rgb light = colour.mix(Rgb.of(0xF3E3BC), 0.65);
        Rgb dark = colour.mix(Rgb.of(0x4A3226), 0.6);
        Rgb tile = (column + row) % 2 == 0 ? light : dark;
        return tile.mix(Rgb.of(0xE8C48A), Math.min(0.8, depth / 10));
    }

    /** Spheres that hang in the air, each with a long shadow far below it. */
    private static void shadows(Raster out, Scene scene, double plain, Dice dice) {
        Pen pen = new Pen(out);
        double lean = scene.lightX() < 0 ? 0.34 : -0.34;
        for (int i = 0; i < 3; i++) {
            double r = dice.between(0.035, 0.06) * (1 + 0.5 * (i % 2));
            double x =
                    i == 0
                            ? dice.between(0.08, 0.2)
                            : i == 1 ? dice.between(0.8, 0.92) : dice.between(0.3, 0.7);
            double y = i == 2 ? dice.between(0.07, 0.13) : dice.between(0.2, 0.42);
            double foot = plain + 0.1 + 0.09 * i;
            if (scene.mood().outdoors()) {
                pen.fill(
                        Shapes.smooth(
                                x,
                                foot - 0.01,
                                x + lean,
                                foot + 0.03,
                                x + lean * 1.1,
                                foot + 0.045,
                                x,
                                foot + 0.018),
                        Rgb.of(0x2A1B26),
                        0.55);
            }
            Rgb colour = dice.pick(Rgb.of(0xD8452E), Rgb.of(0xE9E2D0), Rgb.of(0x3D6F8E));
            sphere(out, x, y, r, colour, scene.lightX());
        }
    }

    private static void sphere(
            Raster out, double x, double y, double r, Rgb colour, double lightX) {
        int size = out.size();
        new Filler(size)
                .fill(
                        Shapes.ellipse(x, y, r, r),
                        (i, px, py, share) -> {
                            double u = ((px + 0.5) / size - x) / r;
                            double v = ((py + 0.5) / size - y) / r;
                            double z = Math.sqrt(Math.max(0, 1 - u * u - v * v));
                            double light = u * lightX - 0.55 * v + 0.5 * z;
                            Rgb lit =
                                    light < 0
                                            ? colour.times(0.3)
                                            : colour.times(0.3 + 0.8 * light)
                                                    .lighter(Math.max(0, light - 0.7));
                            out.lay(i, lit, share);
                        });
    }
}
