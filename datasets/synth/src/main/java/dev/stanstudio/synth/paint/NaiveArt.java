package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.scene.Fill;
import dev.stanstudio.synth.scene.Form;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;
import java.util.ArrayList;
import java.util.List;

/** Flat bright colours, no haze and no shadows; every surface decorated with folk patterns. */
final class NaiveArt implements Painter {
    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        boolean night = scene.mood().dark() && scene.mood().outdoors();
        Look look =
                new Look() {
                    @Override
                    public boolean shows(Shape shape) {
                        return shape.opaque() || shape.matter() == Matter.WEATHER;
                    }

                    @Override
                    public Shape alter(Shape shape, Scene s) {
                        Rgb gay = gay(shape.middle(), shape.matter(), night);
                        if (shape.matter() == Matter.WEATHER) {
                            return shape.recoloured(c -> gay);
                        }
                        return shape.with(Form.FLAT).with(Fill.of(gay));
                    }

                    @Override
                    public double line(Shape shape) {
                        return 0.0032;
                    }

                    @Override
                    public Rgb lineColour(Shape shape) {
                        return shape.middle().times(0.45);
                    }

                    @Override
                    public Rgb texture(Rgb colour, Shape shape, double x, double y) {
                        return pattern(colour, shape.matter(), x, y);
                    }
                };
        Raster out = Renderer.render(scene, size, look).colour();
        Effects.tooth(out, 0.03, 60, 5);
        border(new Pen(out), dice);
        return out;
    }

    private static Rgb gay(Rgb c, Matter matter, boolean night) {
        double value = Math.min(1, c.value() * (night ? 0.95 : 0.75) + (night ? 0.24 : 0.28));
        double saturation =
                c.saturation() < 0.12
                        ? c.saturation()
                        : Math.min(0.95, c.saturation() * 1.15 + 0.2);
        return switch (matter) {
            case SKY -> Rgb.hsv(c.hue(), Math.min(0.75, saturation), Math.min(1, value + 0.1));
            default -> Rgb.hsv(c.hue(), saturation, value);
        };
    }

    private static Rgb pattern(Rgb c, Matter matter, double x, double y) {
        return switch (matter) {
            case GROUND ->
                    c.lighter(
                            0.24 * dot(x * 17, y * 17, 0.26)
                                    - 0.2 * dot(x * 17 + 0.5, y * 17 + 0.5, 0.14));
            case FOLIAGE -> c.lighter(0.38 * leaf(x * 30, y * 30) - 0.05);
            case SKY -> c.lighter(0.3 * dot(x * 13 + 0.25, y * 13, 0.13));
            case FAR -> c.lighter(0.2 * scallop(x * 14, y * 18));
            case WATER -> c.lighter(0.45 * scallop(x * 11, y * 15));
            case CLOTH -> c.lighter(0.5 * dot(x * 15, y * 15, 0.2));
            case ROOF -> c.lighter(-0.3 * scallop(x * 28, y * 28));
            case MASONRY -> c.lighter(-0.16 * brick(x * 16, y * 24));
            default -> c;
        };
    }

    private static double dot(double x, double y, double radius) {
        double row = Math.floor(y);
        double u = x + (row % 2 == 0 ? 0 : 0.5);
        double dx = u - Math.floor(u) - 0.5;
        double dy = y - row - 0.5;
        return Math.sqrt(dx * dx + dy * dy) < radius ? 1 : 0;
    }

    private static double leaf(double x, double y) {
        double row = Math.floor(y);
        double u = x + (row % 2 == 0 ? 0 : 0.5);
        double dx = u - Math.floor(u) - 0.5;
        double dy = y - row - 0.5;
        return Math.abs(dx + dy * 0.6) < 0.18 && Math.abs(dy) < 0.36 ? 1 : 0;
    }

    private static double scallop(double x, double y) {
        double row = Math.floor(y);
        double u = x + (row % 2 == 0 ? 0 : 0.5);
        double dx = u - Math.floor(u) - 0.5;
        double edge = y - row - Math.sqrt(Math.max(0, 0.25 - dx * dx));
        return Math.abs(edge - 0.25) < 0.11 ? 1 : 0;
    }

    private static double brick(double x, double y) {
        double row = Math.floor(y);
        double u = x + (row % 2 == 0 ? 0 : 0.5);
        return y - row < 0.14 || u - Math.floor(u) < 0.09 ? 1 : 0;
    }

    /** A painted frame of alternating beads. */
    private static void border(Pen pen, Dice dice) {
        Rgb ground = dice.pick(Rgb.of(0xC8352C), Rgb.of(0x1F6F5C), Rgb.of(0x2B4FA0));
        double w = 0.042;
        pen.fill(
                Contour.union(
                        List.of(
                                Shapes.rect(0, 0, 1, w),
                                Shapes.rect(0, 1 - w, 1, 1),
                                Shapes.rect(0, 0, w, 1),
                                Shapes.rect(1 - w, 0, 1, 1))),
                ground,
                1);
        List<Contour> beads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            double t = (i + 0.5) / 16;
            for (double[] at :
                    new double[][] {{t, w / 2}, {t, 1 - w / 2}, {w / 2, t}, {1 - w / 2, t}}) {
                beads.add(Shapes.ellipse(at[0], at[1], 0.012, 0.012));
            }
        }
        pen.fill(Contour.union(beads), Rgb.of(0xFBD64A), 1);
    }
}
