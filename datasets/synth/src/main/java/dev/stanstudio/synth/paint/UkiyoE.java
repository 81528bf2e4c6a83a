package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
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

/** A colour woodblock print: few flat inks, fine indigo lines, graded bands of sky, a red seal. */
final class UkiyoE implements Painter {
    private static final Rgb PAPER = Rgb.of(0xEFE2C3);
    private static final Rgb INDIGO = Rgb.of(0x1C2E55);
    private static final Rgb SEAL = Rgb.of(0xC03A2B);
    private static final int[] INKS = {
        0x1F3F73, 0x3E6C9C, 0x8FB3BE, 0xF2E6C8, 0xE7D3A1, 0xC98F4E, 0xB9472F, 0xD98A78, 0x6F7F4B,
        0xA8AE74, 0x7A5A48, 0x3A3A42, 0xDCC9B8, 0xE3B44C, 0x5D4A6E, 0xF7F0DD, 0x8E8C8A, 0xB8B3AB,
        0x66686F, 0x4F8A6E, 0xE7A6A0
    };

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        boolean night = scene.mood().dark() && scene.mood().outdoors();
        Look look =
                new Look() {
                    @Override
                    public boolean shows(Shape shape) {
                        return shape.drawnLine()
                                || shape.opaque()
                                || shape.matter() == Matter.WEATHER;
                    }

                    @Override
                    public Shape alter(Shape shape, Scene s) {
                        Rgb ink = ink(shape.middle());
                        return switch (shape.matter()) {
                            case SKY -> shape;
                            case WEATHER, LIGHT -> shape.recoloured(c -> ink);
                            default -> shape.with(Fill.of(ink)).with(Form.FLAT);
                        };
                    }

                    @Override
                    public double line(Shape shape) {
                        return shape.distance() > 0.8 ? 0.0035 : 0.0048;
                    }

                    @Override
                    public Rgb lineColour(Shape shape) {
                        return INDIGO;
                    }

                    @Override
                    public Rgb texture(Rgb colour, Shape shape, double x, double y) {
                        return switch (shape.matter()) {
                            case SKY -> bokashi(colour, y, scene, night);
                            case WATER -> waves(colour, x, y);
                            default -> colour;
                        };
                    }
                };
        Raster out = Renderer.render(scene, size, look).colour();
        mists(out, scene, dice);
        Effects.map(out, c -> c.times(PAPER.lighter(0.35)));
        Effects.tooth(out, 0.05, 90, 3);
        frame(out, dice);
        return out;
    }

    private static Rgb ink(Rgb colour) {
        Rgb best = PAPER;
        double least = Double.MAX_VALUE;
        Rgb seen =
                colour.luma() < 0.4
                        ? colour.times(1 + 0.8 * (0.4 - colour.luma()) / 0.4).saturate(1.25)
                        : colour.saturate(1.15);
        for (int hex : INKS) {
            Rgb candidate = Rgb.of(hex);
            double d = candidate.distance(seen);
            if (d < least) {
                least = d;
                best = candidate;
            }
        }
        return best.mix(seen, 0.22);
    }

    private static Rgb bokashi(Rgb colour, double y, Scene scene, boolean night) {
        if (!scene.mood().outdoors()) {
            return ink(colour).mix(PAPER, 0.45 + 0.4 * Math.min(1, y * 1.6));
        }
        Rgb top = night ? Rgb.of(0x16284F) : Rgb.of(0x2F5F98);
        Rgb middle = night ? Rgb.of(0x3E5F8E) : PAPER;
        double down = Math.min(1, y / 0.24);
        double low = Math.max(0, 1 - Math.abs(y - scene.horizon()) / 0.2);
        return top.mix(middle, down).mix(Rgb.of(0xE2937A), 0.6 * low * (night ? 0.35 : 1));
    }

    private static Rgb waves(Rgb colour, double x, double y) {
        double crest = StrictMath.sin(x * 34 + 2.2 * StrictMath.sin(y * 42));
        double line = Math.abs(StrictMath.sin(y * 62 + 0.55 * crest));
        return line < 0.2 ? colour.mix(Rgb.of(0xF3EAD0), 0.8) : colour.mix(Rgb.of(0x1F4F8A), 0.45);
    }

    /** Flat-ended bands of mist across the picture. */
    private static void mists(Raster out, Scene scene, Dice dice) {
        if (!scene.mood().outdoors()) {
            return;
        }
        Pen pen = new Pen(out);
        for (int i = 0; i < 3; i++) {
            double y = scene.horizon() * dice.between(0.25, 0.9);
            double from = i % 2 == 0 ? -0.1 : dice.between(0.72, 0.85);
            double to = i % 2 == 0 ? dice.between(0.15, 0.3) : 1.1;
            Contour band = Line.of(0.034, 0.034, from, y, to, y);
            Contour ends =
                    Contour.union(
                            List.of(
                                    band,
                                    Shapes.ellipse(from, y, 0.022, 0.017),
                                    Shapes.ellipse(to, y, 0.022, 0.017)));
            pen.fill(ends.outline(0.006), INDIGO, 0.55);
            pen.fill(ends, PAPER, 0.96);
        }
    }

    private static void frame(Raster out, Dice dice) {
        Pen pen = new Pen(out);
        double w = 0.035;
        pen.fill(
                Contour.union(
                        List.of(
                                Shapes.rect(0, 0, 1, w),
                                Shapes.rect(0, 1 - w, 1, 1),
                                Shapes.rect(0, 0, w, 1),
                                Shapes.rect(1 - w, 0, 1, 1))),
                PAPER,
                1);
        pen.fill(Shapes.rect(w, w, 1 - w, 1 - w).outline(0.008), INDIGO, 0.9);
        double x = dice.chance(0.5) ? 0.065 : 0.865;
        pen.fill(Shapes.rect(x, 0.07, x + 0.07, 0.27), PAPER, 1);
        pen.fill(Shapes.rect(x, 0.07, x + 0.07, 0.27).outline(0.006), INDIGO, 1);
        List<Contour> marks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            double y = 0.095 + 0.042 * i;
            marks.add(
                    Line.of(
                            0.008,
                            0.006,
                            x + 0.015,
                            y,
                            x + 0.055,
                            y + dice.between(-0.006, 0.006)));
            double mx = x + dice.between(0.025, 0.045);
            marks.add(
                    Line.of(
                            0.008,
                            0.006,
                            mx,
                            y - 0.012,
                            mx + dice.between(-0.012, 0.012),
                            y + 0.02));
        }
        pen.fill(Contour.union(marks), INDIGO, 1);
        pen.fill(Shapes.rect(x + 0.008, 0.285, x + 0.062, 0.34), SEAL, 1);
        pen.fill(
                Contour.union(
                        List.of(
                                Shapes.rect(x + 0.02, 0.296, x + 0.05, 0.303),
                                Shapes.rect(x + 0.02, 0.322, x + 0.05, 0.329),
                                Shapes.rect(x + 0.032, 0.296, x + 0.039, 0.329))),
                PAPER,
                1);
    }
}
