package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** Animals, each in the coordinates of a {@link Figure}. */
final class Creatures {
    private static final Rgb INK = Rgb.of(0x1C1A1E);

    private Creatures() {}

    /** A standing horse; its back is 0.72 above its hooves. */
    static void horse(Figure at, Rgb coat, Rgb mane, boolean grazing) {
        Rgb far = coat.lighter(-0.22);
        at.part(
                Contour.union(List.of(leg(0.2, 0.13), leg(-0.27, -0.36))),
                Matter.ANIMAL,
                far,
                Form.FLAT);
        at.part(
                Line.curve(0.1, 0.03, -0.46, -0.64, -0.58, -0.58, -0.63, -0.4, -0.6, -0.18),
                Matter.HAIR,
                mane,
                Form.FLAT);
        List<Contour> body =
                new ArrayList<>(
                        List.of(
                                Shapes.smooth(
                                        -0.43, -0.69, -0.2, -0.71, 0.08, -0.68, 0.32, -0.76, 0.43,
                                        -0.6, 0.34, -0.42, 0.05, -0.37, -0.25, -0.39, -0.45, -0.45,
                                        -0.51, -0.6),
                                leg(0.34, 0.38),
                                leg(-0.4, -0.46)));
        body.addAll(grazing ? lowHead() : highHead());
        at.part(Contour.union(body), Matter.ANIMAL, coat, Form.SLOPE);
        at.part(
                grazing
                        ? Shapes.smooth(
                                0.22, -0.78, 0.4, -0.66, 0.58, -0.46, 0.64, -0.32, 0.55, -0.36, 0.4,
                                -0.5, 0.26, -0.64)
                        : Shapes.smooth(
                                0.52, -1.17, 0.42, -1.1, 0.28, -0.88, 0.2, -0.72, 0.3, -0.72, 0.4,
                                -0.88, 0.5, -1.04),
                Matter.HAIR,
                mane,
                Form.FLAT);
        at.mark(
                grazing
                        ? Shapes.ellipse(0.7, -0.24, 0.022, 0.022)
                        : Shapes.ellipse(0.62, -1.03, 0.024, 0.024),
                INK);
        at.mark(
                Contour.union(
                        List.of(
                                Shapes.rect(0.33, -0.05, 0.42, 0),
                                Shapes.rect(-0.5, -0.05, -0.41, 0))),
                INK.lighter(0.15));
    }

    private static Contour leg(double hip, double knee) {
        return Line.curve(0.17, 0.075, hip, -0.55, knee, -0.28, (hip + knee) / 2, 0);
    }

    private static List<Contour> highHead() {
        return List.of(
                Shapes.smooth(
                        0.2, -0.72, 0.36, -0.95, 0.48, -1.12, 0.6, -1.1, 0.58, -0.92, 0.5, -0.7,
                        0.4, -0.5, 0.26, -0.55),
                Shapes.smooth(
                        0.48, -1.12, 0.56, -1.16, 0.7, -1.04, 0.84, -0.88, 0.83, -0.79, 0.73, -0.78,
                        0.6, -0.9, 0.5, -0.98),
                Shapes.polygon(0.5, -1.1, 0.5, -1.25, 0.58, -1.12));
    }

    private static List<Contour> lowHead() {
        return List.of(
                Shapes.smooth(
                        0.2, -0.74, 0.42, -0.62, 0.6, -0.42, 0.68, -0.26, 0.56, -0.22, 0.44, -0.38,
                        0.34, -0.46, 0.24, -0.5),
                Shapes.smooth(
                        0.58, -0.4, 0.7, -0.34, 0.76, -0.18, 0.78, -0.04, 0.7, -0.01, 0.64, -0.1,
                        0.56, -0.22),
                Shapes.polygon(0.6, -0.36, 0.66, -0.47, 0.69, -0.33));
    }

    /** A sitting cat seen from the front, one unit tall. */
    static void cat(Figure at, Rgb fur, Rgb eyes, boolean striped) {
        Rgb dark = fur.luma() > 0.3 ? fur.lighter(-0.35) : fur.lighter(0.18);
        Rgb pale = fur.lighter(0.45);
        at.part(
                Line.curve(0.1, 0.07, 0.2, -0.06, 0.4, -0.05, 0.5, -0.2, 0.46, -0.4, 0.52, -0.5),
                Matter.ANIMAL,
                dark.mix(fur, 0.6),
                Form.FLAT);
        at.part(
                Shapes.smooth(
                        0, -0.64, 0.15, -0.56, 0.26, -0.28, 0.31, -0.08, 0.22, 0, 0, 0.01, -0.22, 0,
                        -0.31, -0.08, -0.26, -0.28, -0.15, -0.56),
                Matter.ANIMAL,
                fur,
                Form.BALL);
        at.mark(
                Shapes.smooth(
                        0, -0.55, 0.09, -0.45, 0.07, -0.2, 0, -0.14, -0.07, -0.2, -0.09, -0.45),
                pale);
        at.part(
                Contour.union(
                        List.of(
                                Shapes.ellipse(-0.1, -0.03, 0.085, 0.05),
                                Shapes.ellipse(0.1, -0.03, 0.085, 0.05))),
                Matter.ANIMAL,
                fur.lighter(0.12),
                Form.FLAT);
        at.part(
                Contour.union(
                        List.of(
                                Shapes.smooth(
                                        0, -0.94, 0.14, -0.91, 0.24, -0.78, 0.19, -0.63, 0, -0.56,
                                        -0.19, -0.63, -0.24, -0.78, -0.14, -0.91),
                                Shapes.polygon(-0.23, -0.8, -0.22, -1.07, -0.04, -0.92),
                                Shapes.polygon(0.23, -0.8, 0.22, -1.07, 0.04, -0.92))),
                Matter.ANIMAL,
                fur,
                Form.BALL);
        at.mark(
                Contour.union(
                        List.of(
                                Shapes.polygon(-0.195, -0.86, -0.19, -1, -0.09, -0.92),
                                Shapes.polygon(0.195, -0.86, 0.19, -1, 0.09, -0.92))),
                Rgb.of(0xE39C95));
        if (striped) {
            stripes(at, dark);
        }
        face(at, eyes, pale);
    }

    private static void stripes(Figure at, Rgb dark) {
        List<Contour> lines = new ArrayList<>();
        for (int side = -1; side <= 1; side += 2) {
            for (int i = 0; i < 3; i++) {
                double y = -0.46 + 0.13 * i;
                lines.add(Line.of(0.05, 0.015, side * (0.2 + 0.035 * i), y, side * 0.1, y + 0.03));
            }
            lines.add(Line.of(0.03, 0.012, side * 0.23, -0.7, side * 0.13, -0.69));
        }
        for (int i = -1; i <= 1; i++) {
            lines.add(Line.of(0.035, 0.012, i * 0.06, -0.93, i * 0.05, -0.83));
        }
        at.mark(Contour.union(lines), dark);
    }

    private static void face(Figure at, Rgb eyes, Rgb pale) {
        at.mark(
                Contour.union(
                        List.of(
                                Shapes.ellipse(-0.045, -0.655, 0.06, 0.045),
                                Shapes.ellipse(0.045, -0.655, 0.06, 0.045))),
                pale);
        for (int side = -1; side <= 1; side += 2) {
            at.mark(Shapes.ellipse(side * 0.1, -0.77, 0.06, 0.055), INK);
            at.mark(Shapes.ellipse(side * 0.1, -0.77, 0.049, 0.045), eyes);
            at.mark(Shapes.ellipse(side * 0.1, -0.77, 0.016, 0.042), INK);
        }
        at.mark(Shapes.polygon(-0.035, -0.71, 0.035, -0.71, 0, -0.67), Rgb.of(0xC9605E));
        List<Contour> whiskers = new ArrayList<>();
        for (int side = -1; side <= 1; side += 2) {
            whiskers.add(Line.of(0.012, 0.006, side * 0.08, -0.66, side * 0.32, -0.7));
            whiskers.add(Line.of(0.012, 0.006, side * 0.08, -0.64, side * 0.31, -0.62));
        }
        at.mark(Contour.union(whiskers), Rgb.of(0xF6F2EC));
    }

    /** A perched bird; its feet are at the origin. */
    static void bird(Figure at, Rgb feathers, Rgb belly) {
        at.mark(
                Contour.union(
                        List.of(
                                Line.of(0.035, 0.035, 0.02, -0.2, 0.02, 0.02),
                                Line.of(0.035, 0.035, 0.14, -0.2, 0.14, 0.02))),
                Rgb.of(0x6B4A2A));
        at.part(
                Shapes.polygon(-0.22, -0.42, -0.68, -0.22, -0.64, -0.1, -0.14, -0.26),
                Matter.ANIMAL,
                feathers.lighter(-0.3),
                Form.FLAT);
        at.part(
                Contour.union(
                        List.of(
                                Shapes.smooth(
                                        -0.3, -0.4, -0.12, -0.56, 0.1, -0.7, 0.32, -0.64, 0.4,
                                        -0.42, 0.26, -0.2, 0.02, -0.13, -0.22, -0.24),
                                Shapes.ellipse(0.27, -0.76, 0.19, 0.175))),
                Matter.ANIMAL,
                feathers,
                Form.BALL);
        at.mark(
                Shapes.smooth(
                        0.4, -0.56, 0.36, -0.3, 0.2, -0.17, 0.05, -0.16, 0.16, -0.34, 0.28, -0.54),
                belly);
        at.part(
                Shapes.smooth(0.12, -0.54, -0.08, -0.52, -0.4, -0.25, -0.12, -0.24, 0.12, -0.34),
                Matter.ANIMAL,
                feathers.lighter(-0.22),
                Form.FLAT);
        at.part(
                Shapes.polygon(0.42, -0.84, 0.64, -0.74, 0.42, -0.69),
                Matter.DETAIL,
                Rgb.of(0xF0A020),
                Form.FLAT);
        at.mark(Shapes.ellipse(0.31, -0.8, 0.042, 0.042), INK);
        at.mark(Shapes.ellipse(0.322, -0.815, 0.014, 0.014), Rgb.grey(1));
    }

    /** A fish, one unit long, about its middle. */
    static void fish(Figure at, Rgb scales, Rgb bands, Dice dice) {
        Rgb fins = scales.lighter(-0.2);
        at.part(
                Shapes.smooth(-0.34, 0, -0.66, -0.27, -0.56, 0, -0.66, 0.27),
                Matter.ANIMAL,
                fins,
                Form.FLAT);
        at.part(
                Shapes.smooth(-0.2, -0.16, -0.08, -0.38, 0.16, -0.3, 0.18, -0.16),
                Matter.ANIMAL,
                fins,
                Form.FLAT);
        at.part(
                Shapes.smooth(-0.12, 0.16, -0.12, 0.33, 0.06, 0.26, 0.1, 0.16),
                Matter.ANIMAL,
                fins,
                Form.FLAT);
        at.part(
                Shapes.smooth(
                        0.5, 0.02, 0.34, -0.16, 0.04, -0.25, -0.26, -0.13, -0.42, 0, -0.26, 0.13,
                        0.04, 0.25, 0.34, 0.17),
                Matter.ANIMAL,
                scales,
                Form.BALL);
        int count = dice.below(3);
        for (int i = 0; i < count; i++) {
            double x = 0.1 - 0.2 * i;
            at.mark(
                    Shapes.smooth(
                            x, -0.22 + 0.05 * i, x + 0.06, 0, x, 0.22 - 0.05 * i, x - 0.06, 0),
                    bands);
        }
        at.mark(Shapes.smooth(0.1, 0, -0.06, -0.05, -0.1, 0.06), fins);
        at.mark(Shapes.ellipse(0.34, -0.045, 0.058, 0.058), Rgb.grey(0.97));
        at.mark(Shapes.ellipse(0.352, -0.045, 0.034, 0.034), INK);
    }
}
