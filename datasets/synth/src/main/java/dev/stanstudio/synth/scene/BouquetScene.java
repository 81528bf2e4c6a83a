package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.draw.Warp;
import java.util.ArrayList;
import java.util.List;

/** Flowers in a vase. */
final class BouquetScene {
    private BouquetScene() {}

    static String draw(Stage stage, Wording words) {
        Dice dice = stage.dice();
        Hue wall = dice.pick(Hue.BLUE, Hue.GREEN, Hue.GREY, Hue.YELLOW, Hue.PINK);
        Hue cloth = dice.pick(Hue.WHITE, Hue.BROWN, Hue.BLUE, Hue.GREEN);
        Tables.table(stage, wall, cloth, 0.74);
        double x = dice.between(0.46, 0.54);
        Hue colour =
                dice.pick(
                        Hue.RED, Hue.YELLOW, Hue.PINK, Hue.WHITE, Hue.BLUE, Hue.PURPLE, Hue.ORANGE);
        Hue vase = dice.pick(Hue.BLUE, Hue.WHITE, Hue.GREEN, Hue.BROWN, Hue.TURQUOISE);
        int count = dice.pick(1, 2, 3, 3, 4, 5, 6);
        double[][] spots = spots(count, dice);
        List<Contour> stems = new ArrayList<>();
        for (double[] spot : spots) {
            stems.add(
                    Line.curve(
                            0.014,
                            0.012,
                            x,
                            0.62,
                            x + (spot[0] - 0.5) * 0.35,
                            0.5,
                            x + spot[0] - 0.5,
                            spot[1]));
        }
        stage.flat(Contour.union(stems), Matter.FOLIAGE, Rgb.of(0x3F7E3C), 0.2);
        leaves(stage, x);
        double r = count == 1 ? 0.17 : count == 2 ? 0.14 : 0.115 - 0.004 * count;
        boolean daisies = dice.chance(0.5);
        for (double[] spot : spots) {
            blossom(
                    stage,
                    x + spot[0] - 0.5,
                    spot[1],
                    r * dice.between(0.93, 1.07),
                    colour.shade(dice),
                    daisies);
        }
        vase(stage, x, vase.shade(dice));
        stage.focus(x, 0.42);
        words.fact("colour", colour.word())
                .fact("vase", vase.word())
                .fact("flower", daisies ? "daisy" : "rose");
        String flowers =
                words.counted(
                        count,
                        colour.word(),
                        daisies ? "daisy" : "rose",
                        daisies ? "daisies" : "roses");
        return "%s in %s%s"
                .formatted(
                        flowers,
                        Wording.article(vase.word() + " vase"),
                        dice.pick(
                                "",
                                " on a table",
                                " in front of " + Wording.article(wall.word() + " wall")));
    }

    private static double[][] spots(int count, Dice dice) {
        double[][] all = {
            {0.5, 0.2}, {0.28, 0.3}, {0.72, 0.3}, {0.4, 0.44}, {0.63, 0.45}, {0.5, 0.31}
        };
        double[][] few =
                count == 1
                        ? new double[][] {{0.52, 0.26}}
                        : new double[][] {{0.36, 0.26}, {0.66, 0.3}};
        double[][] out = new double[count][];
        for (int i = 0; i < count; i++) {
            double[] spot = count <= 2 ? few[i] : all[i];
            out[i] =
                    new double[] {
                        spot[0] + dice.between(-0.015, 0.015), spot[1] + dice.between(-0.015, 0.015)
                    };
        }
        return out;
    }

    private static void leaves(Stage stage, double x) {
        Dice dice = stage.dice();
        for (int i = 0; i < 7; i++) {
            double side = i % 2 == 0 ? 1 : -1;
            double reach = dice.between(0.1, 0.24);
            double tipX = x + side * reach;
            double tipY = dice.between(0.38, 0.56);
            double midX = x + side * reach * 0.4;
            stage.formed(
                    Shapes.smooth(
                            x,
                            0.62,
                            midX - 0.015,
                            (0.62 + tipY) / 2 - 0.05,
                            tipX,
                            tipY,
                            midX + 0.03,
                            (0.62 + tipY) / 2 + 0.03),
                    Matter.FOLIAGE,
                    Rgb.of(0x4F9148).lighter(dice.between(-0.2, 0.15)),
                    Form.SLOPE,
                    0.2);
        }
    }

    private static void blossom(
            Stage stage, double x, double y, double r, Rgb colour, boolean daisy) {
        Dice dice = stage.dice();
        double turn = dice.between(0, 1);
        if (daisy) {
            List<Contour> petals = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                double angle = 2 * StrictMath.PI * i / 9 + turn;
                petals.add(
                        Shapes.smooth(
                                        0, -0.1, 0.5, -0.23, 0.9, -0.2, 1, 0, 0.9, 0.2, 0.5, 0.23,
                                        0, 0.1)
                                .warped(Warp.placed(x, y, r, r, angle)));
            }
            stage.formed(Contour.union(petals), Matter.FLOWER, colour, Form.BALL, 0.05);
            Rgb heart =
                    colour.hue() > 30 && colour.hue() < 65 && colour.saturation() > 0.4
                            ? Rgb.of(0x7A4A20)
                            : Rgb.of(0xF2BE33);
            stage.formed(
                    Shapes.ellipse(x, y, r * 0.32, r * 0.32),
                    Matter.FLOWER,
                    heart,
                    Form.BALL,
                    0.05);
            return;
        }
        stage.formed(Shapes.blob(x, y, r, r, 0.06, dice), Matter.FLOWER, colour, Form.BALL, 0.05);
        for (int i = 0; i < 5; i++) {
            double angle = 1.2566 * i + turn;
            double px = x + r * 0.48 * StrictMath.cos(angle);
            double py = y + r * 0.48 * StrictMath.sin(angle);
            stage.formed(
                    Shapes.ellipse(px, py, r * 0.44, r * 0.4),
                    Matter.FLOWER,
                    colour.lighter(i % 2 == 0 ? 0.1 : -0.1),
                    Form.BALL,
                    0.05);
        }
        stage.formed(
                Shapes.ellipse(x, y, r * 0.38, r * 0.36),
                Matter.FLOWER,
                colour.lighter(-0.15),
                Form.BALL,
                0.05);
        stage.mark(
                Line.curve(
                        r * 0.09,
                        r * 0.06,
                        x - r * 0.2,
                        y,
                        x,
                        y - r * 0.2,
                        x + r * 0.18,
                        y,
                        x,
                        y + r * 0.14,
                        x - r * 0.05,
                        y),
                colour.lighter(-0.42),
                0.05);
    }

    private static void vase(Stage stage, double x, Rgb clay) {
        Land.shadow(stage, x + 0.05, 0.89, 0.16, 0.026);
        stage.formed(
                Shapes.smooth(
                        x - 0.09, 0.59, x + 0.09, 0.59, x + 0.075, 0.65, x + 0.14, 0.76, x + 0.085,
                        0.89, x - 0.085, 0.89, x - 0.14, 0.76, x - 0.075, 0.65),
                Matter.OBJECT,
                clay,
                Form.COLUMN,
                0.1);
        stage.mark(
                Line.curve(0.016, 0.016, x - 0.115, 0.72, x, 0.735, x + 0.115, 0.72),
                clay.luma() > 0.5 ? Hue.BLUE.rgb() : Rgb.of(0xF4EBD2),
                0.1);
        stage.mark(Line.of(0.022, 0.012, x - 0.085, 0.7, x - 0.09, 0.8), clay.lighter(0.55), 0.1);
    }
}
