package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.scene.Fill;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/** Thick black contours, flat loud colours, dotted screen tone in the shadows. */
final class Cartoon implements Painter {
    private static final Rgb INK = Rgb.of(0x0B0B10);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Look look =
                new Look() {
                    @Override
                    public boolean shows(Shape shape) {
                        return shape.opaque()
                                || shape.matter() == Matter.WEATHER
                                || shape.matter() == Matter.LIGHT;
                    }

                    @Override
                    public Shape alter(Shape shape, Scene s) {
                        Fill flat = shape.opaque() ? Fill.of(loud(shape.middle())) : shape.fill();
                        return shape.with(flat);
                    }

                    @Override
                    public double line(Shape shape) {
                        return shape.distance() > 0.8 ? 0.007 : 0.0125;
                    }

                    @Override
                    public Rgb lineColour(Shape shape) {
                        return INK;
                    }

                    @Override
                    public Rgb shade(Rgb colour, double light) {
                        return light < -0.3
                                ? colour.times(0.8)
                                : light > 0.55 ? colour.lighter(0.3) : colour;
                    }

                    @Override
                    public Rgb texture(Rgb colour, Shape shape, double x, double y) {
                        return shape.matter() == Matter.SKY ? screen(colour, x, y) : colour;
                    }
                };
        Raster out = Renderer.render(scene, size, look).colour();
        Pen pen = new Pen(out);
        pen.fill(Shapes.rect(0.008, 0.008, 0.992, 0.992).outline(0.022), INK, 1);
        return out;
    }

    private static Rgb loud(Rgb c) {
        double saturation =
                c.saturation() < 0.1 ? c.saturation() : Math.min(1, c.saturation() * 1.35 + 0.12);
        return Rgb.hsv(c.hue(), saturation, Math.min(1, c.value() * 0.85 + 0.18));
    }

    /** Printed dots that grow towards the top. */
    private static Rgb screen(Rgb colour, double x, double y) {
        double u = (x + y) * 23;
        double v = (x - y) * 23;
        double du = u - Math.floor(u) - 0.5;
        double dv = v - Math.floor(v) - 0.5;
        double radius = 0.44 * Math.max(0, 1 - y * 1.6);
        return du * du + dv * dv < radius * radius ? colour.saturate(1.1).times(0.76) : colour;
    }
}
