package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.draw.Warp;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/**
 * Cel shading in two tones, a luminous graded sky with towering clouds, rim light, drifting petals.
 */
final class Anime implements Painter {
    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        boolean outdoors = scene.mood().outdoors();
        boolean night = scene.mood().dark();
        double[] towers = {dice.unit(), dice.unit(), dice.unit()};
        Look look =
                new Look() {
                    @Override
                    public Shape alter(Shape shape, Scene s) {
                        return shape.matter() == Matter.SKY ? shape : shape.recoloured(Anime::cel);
                    }

                    @Override
                    public double line(Shape shape) {
                        return shape.distance() > 0.75 ? 0 : 0.0038;
                    }

                    @Override
                    public Rgb lineColour(Shape shape) {
                        return shape.middle().times(0.34).mix(Rgb.of(0x3B1E4A), 0.35);
                    }

                    @Override
                    public Rgb shade(Rgb colour, double light) {
                        Rgb shadow = colour.times(Rgb.of(0x9B8FD0));
                        return light < -0.02 ? shadow : light > 0.5 ? colour.lighter(0.42) : colour;
                    }

                    @Override
                    public Rgb texture(Rgb colour, Shape shape, double x, double y) {
                        return shape.matter() == Matter.SKY && outdoors
                                ? sky(scene, towers, night, x, y)
                                : colour;
                    }
                };
        Raster out = Renderer.render(scene, size, look).colour();
        Effects.bloom(out, 0.78, 0.035, 0.35);
        petals(new Pen(out), dice, night);
        flare(new Pen(out), scene);
        return out;
    }

    private static Rgb cel(Rgb c) {
        double saturation =
                c.saturation() < 0.08 ? c.saturation() : Math.min(0.9, c.saturation() * 1.1 + 0.08);
        return Rgb.hsv(c.hue(), saturation, Math.min(1, c.value() * 0.82 + 0.2));
    }

    private static Rgb sky(Scene scene, double[] towers, boolean night, double x, double y) {
        double t = Math.min(1, y / Math.max(0.3, scene.horizon()));
        boolean warm = scene.mood().horizon().r() > scene.mood().horizon().b() + 0.1;
        Rgb top = night ? Rgb.of(0x141A5E) : warm ? Rgb.of(0x5B55C8) : Rgb.of(0x1E7BF0);
        Rgb middle = night ? Rgb.of(0x4B49B8) : warm ? Rgb.of(0xF58BB4) : Rgb.of(0x7CCBFF);
        Rgb low = night ? Rgb.of(0xB583DC) : warm ? Rgb.of(0xFFD08A) : Rgb.of(0xE8FAFF);
        Rgb colour = t < 0.6 ? top.mix(middle, t / 0.6) : middle.mix(low, (t - 0.6) / 0.4);
        double height = 0;
        for (int i = 0; i < towers.length; i++) {
            double d = (x - towers[i]) / (0.13 + 0.05 * i);
            height = Math.max(height, (0.52 - 0.09 * i) * StrictMath.exp(-d * d));
        }
        double billow = 0.16 * (Noise.fractal(x * 9, y * 9, 2, 61) - 0.5);
        double depth = height + billow - (1 - t);
        if (depth < 0) {
            return colour;
        }
        Rgb lit = night ? Rgb.of(0xC9B8F2) : warm ? Rgb.of(0xFFE9D8) : Rgb.of(0xFFFFFF);
        return depth < 0.09 ? lit : lit.mix(middle, 0.45);
    }

    private static void petals(Pen pen, Dice dice, boolean night) {
        Rgb colour = night ? Rgb.of(0xFFC8EE) : Rgb.of(0xFF9EC4);
        for (int i = 0; i < 13; i++) {
            double r = dice.between(0.013, 0.028);
            Warp place = Warp.placed(dice.unit(), dice.unit(), r, r, dice.between(0, 6.28));
            Contour petal =
                    Shapes.smooth(-1, 0, -0.2, -0.55, 0.9, -0.3, 0.7, 0, 0.9, 0.3, -0.2, 0.55)
                            .warped(place);
            pen.fill(petal, colour, 0.95);
        }
    }

    /** A diagonal gleam of light with its ghosts. */
    private static void flare(Pen pen, Scene scene) {
        double x = scene.lightX() < 0 ? 0 : 1;
        double dx = 0.5 - x;
        pen.shine(
                Shapes.polygon(x, -0.1, x + dx * 0.5, -0.1, x + dx * 1.7, 1.1, x + dx * 1.0, 1.1),
                Rgb.of(0xFFF6FF),
                0.05);
        for (int i = 1; i < 4; i++) {
            double r = 0.02 + 0.016 * i;
            pen.shine(
                    Shapes.ellipse(x + dx * 0.42 * i, 0.05 + 0.19 * i, r, r),
                    Rgb.of(0xBFE8FF),
                    0.13);
        }
    }
}
