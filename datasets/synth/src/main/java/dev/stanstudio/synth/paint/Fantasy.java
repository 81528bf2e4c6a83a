package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Blur;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Filler;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/**
 * An enchanted world: violet air, cyan and magenta light, a second moon, aurora, sparkling motes.
 */
final class Fantasy implements Painter {
    private static final Rgb MAGENTA = Rgb.of(0xE649D8);
    private static final Rgb CYAN = Rgb.of(0x44F0F4);
    private static final Rgb NIGHT = Rgb.of(0x24105E);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        double phase = dice.between(0, 6);
        boolean outdoors = scene.mood().outdoors();
        Look look =
                new Look() {
                    @Override
                    public Rgb shade(Rgb colour, double light) {
                        return light < 0
                                ? colour.mix(NIGHT, -0.9 * light)
                                : colour.mix(Rgb.of(0xFFD9FF), light * 0.55);
                    }

                    @Override
                    public Rgb texture(Rgb colour, Shape shape, double x, double y) {
                        return shape.matter() == Matter.SKY
                                ? aurora(colour, x, y, phase, outdoors)
                                : colour;
                    }
                };
        Layers layers = Renderer.render(scene, size, look);
        Raster out = Effects.map(layers.colour(), Fantasy::enchant);
        if (outdoors) {
            planet(layers, out, scene, dice);
        }
        rim(out, layers);
        Effects.vignette(out, scene.focusX(), scene.focusY(), 0.3, 0.8, NIGHT.times(0.6), 0.7);
        Effects.bloom(out, 0.6, 0.04, 0.4);
        motes(out, dice);
        return out;
    }

    private static Rgb aurora(Rgb sky, double x, double y, double phase, boolean outdoors) {
        Rgb ground = sky.mix(NIGHT, outdoors ? 0.6 : 0.45);
        double curtain =
                y
                        - 0.25
                        - 0.09 * StrictMath.sin(x * 6 + phase)
                        - 0.05 * StrictMath.sin(x * 13 - phase);
        double glow = curtain > 0 ? StrictMath.exp(-curtain * 26) : StrictMath.exp(curtain * 6.5);
        return ground.mix(
                CYAN.mix(MAGENTA, Math.max(0, Math.min(1, 0.5 - curtain * 4))), 0.75 * glow);
    }

    private static Rgb enchant(Rgb c) {
        double luma = c.luma();
        Rgb air =
                luma < 0.4
                        ? NIGHT.mix(MAGENTA, luma * 0.9)
                        : MAGENTA.mix(CYAN, Math.min(1, (luma - 0.4) * 2));
        return c.saturate(1.4).times(0.88).clipped().mix(air, 0.33);
    }

    private static void planet(Layers layers, Raster out, Scene scene, Dice dice) {
        double x = scene.focusX() < 0.5 ? dice.between(0.74, 0.86) : dice.between(0.14, 0.26);
        double y = dice.between(0.14, 0.22);
        double r = dice.between(0.11, 0.15);
        new Filler(out.size())
                .fill(
                        Shapes.ellipse(x, y, r, r),
                        (i, px, py, share) -> {
                            if (layers.matter(i) == Matter.SKY
                                    || layers.matter(i) == Matter.CLOUD
                                    || layers.matter(i) == Matter.LIGHT) {
                                double lit =
                                        ((px + 0.5) / out.size()
                                                        - x
                                                        + ((py + 0.5) / out.size() - y))
                                                / r;
                                Rgb body =
                                        Rgb.of(0xFFD8F6)
                                                .mix(
                                                        Rgb.of(0x7A4FD0),
                                                        Math.max(0, Math.min(1, 0.5 + lit * 0.6)));
                                out.lay(i, body, share * 0.85f);
                            }
                        });
    }

    /** Contours glow. */
    private static void rim(Raster out, Layers layers) {
        float[] line = Effects.contours(layers);
        Blur.gaussian(line, out.size(), out.size() / 110.0);
        for (int i = 0; i < line.length; i++) {
            out.shine(i, CYAN, Math.min(0.4, line[i] * 0.5));
        }
    }

    private static void motes(Raster out, Dice dice) {
        Pen pen = new Pen(out);
        for (int i = 0; i < 34; i++) {
            double x = dice.unit();
            double y = dice.unit();
            double r = dice.between(0.006, 0.012);
            Rgb colour = dice.pick(CYAN, MAGENTA, Rgb.of(0xFFF2A8));
            pen.shine(Shapes.ellipse(x, y, r * 1.8, r * 1.8), colour, 0.25);
            pen.shine(Shapes.ellipse(x, y, r * 0.6, r * 0.6), Rgb.grey(1), 0.8);
            if (i % 4 == 0) {
                pen.shine(Shapes.star(x, y, r * 4.2, r * 0.5, 4), colour.lighter(0.6), 0.95);
            }
        }
    }
}
