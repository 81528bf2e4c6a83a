package dev.stanstudio.datasets.synth.scene;

import dev.stanstudio.datasets.synth.draw.Contour;
import dev.stanstudio.datasets.synth.draw.Dice;
import dev.stanstudio.datasets.synth.draw.Line;
import dev.stanstudio.datasets.synth.draw.Rgb;
import dev.stanstudio.datasets.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** Still lifes, bouquets and rooms. */
final class IndoorScenes {
    private IndoorScenes() {}

    private static void table(Stage stage, Hue wall, Hue cloth, double edge) {
        Dice dice = stage.dice();
        stage.horizon(edge);
        Rgb plaster = wall.shade(dice).mix(Rgb.of(0xD9CDB8), 0.55);
        stage.add(
                Shape.of(Shapes.rect(-0.1, -0.1, 1.1, 1.1), Matter.SKY, plaster)
                        .with(
                                Fill.out(
                                        plaster.lighter(0.18),
                                        plaster.lighter(-0.3),
                                        0.3,
                                        0.2,
                                        0.95,
                                        0.95))
                        .at(0.9));
        Rgb fabric = cloth.shade(dice);
        stage.add(
                Shape.of(
                                Shapes.below(-0.1, edge, 0.5, edge + 0.005, 1.1, edge),
                                Matter.CLOTH,
                                fabric)
                        .with(Fill.down(fabric.lighter(0.12), fabric.lighter(-0.2), edge, 1))
                        .at(0.3));
        List<Contour> folds = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            double x = 0.05 + 0.18 * i + dice.between(-0.04, 0.04);
            folds.add(
                    Line.curve(
                            0.012, 0.03, x, edge + 0.16, x + 0.01, edge + 0.24, x - 0.015, 1.03));
        }
        stage.mark(Contour.union(folds), fabric.lighter(-0.22), 0.3);
    }

    static String stillLife(Stage stage, Wording words) {
        Dice dice = stage.dice();
        Hue wall = dice.pick(Hue.BLUE, Hue.GREEN, Hue.GREY, Hue.BROWN, Hue.PURPLE);
        Hue cloth = dice.pick(Hue.WHITE, Hue.RED, Hue.BLUE, Hue.GREEN, Hue.YELLOW);
        table(stage, wall, cloth, dice.between(0.6, 0.64));
        double side = dice.pick(0.27, 0.72);
        boolean jug = dice.chance(0.5);
        Hue vessel = dice.pick(Hue.BLUE, Hue.GREEN, Hue.BROWN, Hue.WHITE, Hue.BLACK, Hue.TURQUOISE);
        if (jug) {
            jug(stage, side, 0.74, vessel.shade(dice));
        } else {
            bottle(stage, side, 0.74, vessel.shade(dice));
        }
        Produce fruit = dice.pick(Produce.values());
        Hue colour = dice.pick(fruit.hues);
        int count = 1 + dice.below(5);
        double step = Math.min(0.17, 0.6 / count);
        double start = side < 0.5 ? 0.92 - step * count : 0.08 + step;
        for (int i = 0; i < count; i++) {
            double x = start + step * i - (side < 0.5 ? 0 : step * 0.5);
            double y = 0.8 + 0.05 * (i % 2) + dice.between(-0.01, 0.01);
            fruit.draw(stage, x, y, Math.min(0.09, step * 0.62 + 0.015), colour.shade(dice));
        }
        stage.focus(0.5, 0.68);
        words.fact("fruit", fruit.one)
                .fact("colour", colour.word())
                .fact("vessel", jug ? "jug" : "bottle")
                .fact("vessel_colour", vessel.word())
                .fact("cloth", cloth.word());
        String fruits = words.counted(count, colour.word(), fruit.one, fruit.many);
        String pot = Wording.article(vessel.word() + (jug ? " jug" : " bottle"));
        String on =
                dice.pick(
                        " on a table",
                        " on " + Wording.article(cloth.word() + " tablecloth"),
                        " on " + Wording.article(cloth.word() + " cloth"));
        return dice.chance(0.5)
                ? fruits + " and " + pot + on
                : "a still life of " + fruits + dice.pick(" with ", " beside ") + pot + on;
    }

    /** What lies on the table. */
    private enum Produce {
        APPLE("apple", "apples", Hue.RED, Hue.GREEN, Hue.YELLOW),
        PEAR("pear", "pears", Hue.GREEN, Hue.YELLOW),
        ORANGE("round fruit", "round fruits", Hue.ORANGE, Hue.PURPLE, Hue.RED);

        private final String one;
        private final String many;
        private final Hue[] hues;

        Produce(String one, String many, Hue... hues) {
            this.one = one;
            this.many = many;
            this.hues = hues;
        }

        void draw(Stage stage, double x, double y, double r, Rgb colour) {
            Land.shadow(stage, x + r * 0.3, y + r * 0.82, r * 1.15, r * 0.28);
            Contour body =
                    switch (this) {
                        case APPLE ->
                                Shapes.smooth(
                                        x,
                                        y - r * 0.72,
                                        x + r * 0.55,
                                        y - r * 0.85,
                                        x + r,
                                        y - r * 0.2,
                                        x + r * 0.7,
                                        y + r * 0.72,
                                        x,
                                        y + r * 0.82,
                                        x - r * 0.7,
                                        y + r * 0.72,
                                        x - r,
                                        y - r * 0.2,
                                        x - r * 0.55,
                                        y - r * 0.85);
                        case PEAR ->
                                Shapes.smooth(
                                        x,
                                        y - r * 1.6,
                                        x + r * 0.34,
                                        y - r * 1.3,
                                        x + r * 0.5,
                                        y - r * 0.55,
                                        x + r * 0.9,
                                        y + r * 0.25,
                                        x + r * 0.55,
                                        y + r * 0.85,
                                        x - r * 0.55,
                                        y + r * 0.85,
                                        x - r * 0.9,
                                        y + r * 0.25,
                                        x - r * 0.5,
                                        y - r * 0.55,
                                        x - r * 0.34,
                                        y - r * 1.3);
                        case ORANGE -> Shapes.ellipse(x, y, r * 0.95, r * 0.9);
                    };
            stage.formed(body, Matter.FRUIT, colour, Form.BALL, 0.05);
            double top = this == PEAR ? y - r * 1.55 : y - r * 0.74;
            if (this != ORANGE) {
                stage.mark(
                        Line.of(r * 0.14, r * 0.1, x, top, x + r * 0.12, top - r * 0.42),
                        Rgb.of(0x4A3320),
                        0.05);
                stage.mark(
                        Shapes.smooth(
                                x + r * 0.1,
                                top - r * 0.25,
                                x + r * 0.4,
                                top - r * 0.55,
                                x + r * 0.72,
                                top - r * 0.4,
                                x + r * 0.4,
                                top - r * 0.18),
                        Rgb.of(0x4C8B3B),
                        0.05);
            }
            stage.mark(
                    Shapes.ellipse(x - r * 0.38, y - r * 0.3, r * 0.16, r * 0.22),
                    colour.lighter(0.65),
                    0.05);
        }
    }

    private static void bottle(Stage stage, double x, double foot, Rgb glass) {
        Land.shadow(stage, x + 0.05, foot, 0.13, 0.025);
        stage.formed(
                Shapes.smooth(
                        x - 0.03,
                        0.2,
                        x + 0.03,
                        0.2,
                        x + 0.032,
                        0.36,
                        x + 0.085,
                        0.46,
                        x + 0.088,
                        0.6,
                        x + 0.085,
                        foot,
                        x,
                        foot + 0.012,
                        x - 0.085,
                        foot,
                        x - 0.088,
                        0.6,
                        x - 0.085,
                        0.46,
                        x - 0.032,
                        0.36),
                Matter.OBJECT,
                glass,
                Form.COLUMN,
                0.15);
        stage.mark(Shapes.rect(x - 0.086, 0.54, x + 0.086, 0.65), Rgb.of(0xEFE3C4), 0.15);
        stage.mark(Shapes.rect(x - 0.05, 0.575, x + 0.05, 0.585), Rgb.of(0x8A5A3C), 0.15);
        stage.mark(Shapes.rect(x - 0.04, 0.605, x + 0.04, 0.613), Rgb.of(0x8A5A3C), 0.15);
        stage.mark(Shapes.rect(x - 0.026, 0.165, x + 0.026, 0.215), Rgb.of(0xB98A56), 0.15);
        stage.mark(
                Line.of(0.014, 0.012, x - 0.055, 0.47, x - 0.058, 0.53), glass.lighter(0.7), 0.15);
    }

    private static void jug(Stage stage, double x, double foot, Rgb clay) {
        Land.shadow(stage, x + 0.05, foot, 0.16, 0.028);
        stage.flat(
                Line.curve(
                        0.03, 0.03, x + 0.07, 0.38, x + 0.19, 0.4, x + 0.19, 0.55, x + 0.1, 0.61),
                Matter.OBJECT,
                clay.lighter(-0.12),
                0.15);
        stage.formed(
                Shapes.smooth(
                        x - 0.085, 0.3, x + 0.07, 0.315, x + 0.06, 0.4, x + 0.12, 0.52, x + 0.125,
                        0.64, x + 0.075, foot, x - 0.075, foot, x - 0.125, 0.64, x - 0.12, 0.52,
                        x - 0.06, 0.4),
                Matter.OBJECT,
                clay,
                Form.COLUMN,
                0.15);
        stage.mark(Shapes.ellipse(x - 0.008, 0.315, 0.062, 0.016), clay.lighter(-0.45), 0.15);
        stage.mark(
                Shapes.rect(x - 0.115, 0.53, x + 0.115, 0.55),
                clay.luma() > 0.5 ? Hue.BLUE.rgb() : Rgb.of(0xF2E6C8),
                0.15);
        stage.mark(Line.of(0.02, 0.012, x - 0.07, 0.45, x - 0.085, 0.6), clay.lighter(0.5), 0.15);
    }

    static String bouquet(Stage stage, Wording words) {
        Dice dice = stage.dice();
        Hue wall = dice.pick(Hue.BLUE, Hue.GREEN, Hue.GREY, Hue.YELLOW, Hue.PINK);
        Hue cloth = dice.pick(Hue.WHITE, Hue.BROWN, Hue.BLUE, Hue.GREEN);
        table(stage, wall, cloth, 0.74);
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
        return flowers
                + " in "
                + Wording.article(vase.word() + " vase")
                + dice.pick(
                        "",
                        " on a table",
                        " in front of " + Wording.article(wall.word() + " wall"));
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
                double px = StrictMath.cos(angle);
                double py = StrictMath.sin(angle);
                petals.add(
                        Line.curve(
                                r * 0.2,
                                r * 0.42,
                                x,
                                y,
                                x + px * r * 0.5,
                                y + py * r * 0.5,
                                x + px * r,
                                y + py * r));
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

    static String interior(Stage stage, Wording words) {
        Dice dice = stage.dice();
        Hue wall = dice.pick(Hue.GREEN, Hue.BLUE, Hue.RED, Hue.YELLOW, Hue.PINK, Hue.GREY);
        stage.horizon(0.7);
        Rooms.room(stage, wall.shade(dice).mix(Rgb.grey(0.88), 0.4), 0.7);
        Rooms.window(stage, 0.3, 0.32, 0.17, 0.2);
        Rgb curtain = dice.pick(Hue.RED, Hue.BLUE, Hue.GREEN, Hue.WHITE).rgb();
        for (int side = -1; side <= 1; side += 2) {
            double cx = 0.3 + side * 0.2;
            stage.formed(
                    Shapes.smooth(
                            cx - 0.05,
                            0.06,
                            cx + 0.05,
                            0.06,
                            cx + 0.045,
                            0.3,
                            cx + 0.06,
                            0.58,
                            cx - 0.06,
                            0.58,
                            cx - 0.045,
                            0.3),
                    Matter.CLOTH,
                    curtain,
                    Form.COLUMN,
                    0.5);
        }
        Hue seat = dice.pick(Hue.RED, Hue.BLUE, Hue.GREEN, Hue.YELLOW, Hue.PURPLE, Hue.ORANGE);
        boolean armchair = dice.chance(0.5);
        if (armchair) {
            armchair(stage, 0.66, 0.9, seat.shade(dice));
        } else {
            chair(stage, 0.66, 0.9, seat.shade(dice));
        }
        boolean lamp = dice.chance(0.6);
        if (lamp) {
            lamp(stage);
        } else {
            picture(stage, seat.rgb().turned(180));
        }
        stage.focus(0.6, 0.6);
        String time =
                stage.mood().dark()
                        ? "night"
                        : stage.mood().time() == TimeOfDay.SUNSET ? "sunset" : "day";
        words.fact("colour", seat.word())
                .fact("wall", wall.word())
                .fact("seat", armchair ? "armchair" : "chair")
                .fact("lamp", lamp ? "yes" : "no")
                .fact("time", time)
                .fact("count", "1");
        String subject = Wording.article(seat.word() + (armchair ? " armchair" : " chair"));
        String room =
                dice.pick(" in a room with ", " in a room, ")
                        + Wording.article(wall.word() + " wall");
        String beside =
                lamp
                        ? dice.pick(" and a lamp", " and a standing lamp")
                        : dice.pick(" and a picture", " and a framed picture");
        String outside =
                switch (time) {
                    case "night" ->
                            dice.pick(", night outside the window", ", moonlight in the window");
                    case "sunset" -> ", sunset in the window";
                    default -> dice.pick(", daylight in the window", ", a window");
                };
        return subject + room + beside + outside;
    }

    private static void armchair(Stage stage, double x, double foot, Rgb cover) {
        Land.shadow(stage, x, foot, 0.24, 0.03);
        stage.formed(
                Shapes.smooth(
                        x - 0.14,
                        foot - 0.16,
                        x - 0.15,
                        foot - 0.4,
                        x - 0.08,
                        foot - 0.46,
                        x + 0.08,
                        foot - 0.46,
                        x + 0.15,
                        foot - 0.4,
                        x + 0.14,
                        foot - 0.16),
                Matter.CLOTH,
                cover.lighter(-0.12),
                Form.SLOPE,
                0.15);
        stage.formed(
                Shapes.rect(x - 0.13, foot - 0.19, x + 0.13, foot - 0.03),
                Matter.CLOTH,
                cover.lighter(-0.05),
                Form.FLAT,
                0.12);
        stage.formed(
                Shapes.smooth(
                        x - 0.13,
                        foot - 0.22,
                        x + 0.13,
                        foot - 0.22,
                        x + 0.14,
                        foot - 0.14,
                        x - 0.14,
                        foot - 0.14),
                Matter.CLOTH,
                cover.lighter(0.12),
                Form.SLOPE,
                0.12);
        for (int side = -1; side <= 1; side += 2) {
            double ax = x + side * 0.165;
            stage.formed(
                    Shapes.smooth(
                            ax - 0.045,
                            foot - 0.02,
                            ax - 0.048,
                            foot - 0.24,
                            ax,
                            foot - 0.28,
                            ax + 0.048,
                            foot - 0.24,
                            ax + 0.045,
                            foot - 0.02),
                    Matter.CLOTH,
                    cover,
                    Form.COLUMN,
                    0.1);
        }
    }

    private static void chair(Stage stage, double x, double foot, Rgb paint) {
        Land.shadow(stage, x, foot, 0.19, 0.026);
        stage.flat(
                Contour.union(
                        List.of(
                                Line.of(0.026, 0.022, x - 0.11, foot - 0.5, x - 0.12, foot - 0.04),
                                Line.of(0.026, 0.022, x + 0.11, foot - 0.5, x + 0.12, foot - 0.04),
                                Line.of(0.03, 0.03, x - 0.11, foot - 0.47, x + 0.11, foot - 0.47),
                                Line.of(0.026, 0.026, x - 0.11, foot - 0.38, x + 0.11, foot - 0.38),
                                Line.of(0.026, 0.026, x - 0.11, foot - 0.3, x + 0.11, foot - 0.3))),
                Matter.WOOD,
                paint.lighter(-0.12),
                0.15);
        stage.flat(
                Contour.union(
                        List.of(
                                Line.of(0.03, 0.022, x - 0.15, foot - 0.2, x - 0.15, foot),
                                Line.of(0.03, 0.022, x + 0.15, foot - 0.2, x + 0.15, foot))),
                Matter.WOOD,
                paint,
                0.1);
        stage.formed(
                Shapes.polygon(
                        x - 0.12,
                        foot - 0.25,
                        x + 0.12,
                        foot - 0.25,
                        x + 0.17,
                        foot - 0.17,
                        x - 0.17,
                        foot - 0.17),
                Matter.WOOD,
                paint.lighter(0.12),
                Form.SLOPE,
                0.1);
    }

    private static void lamp(Stage stage) {
        stage.flat(
                Contour.union(
                        List.of(
                                Line.of(0.014, 0.014, 0.9, 0.88, 0.9, 0.36),
                                Shapes.ellipse(0.9, 0.885, 0.055, 0.014))),
                Matter.OBJECT,
                Rgb.of(0x4A3B30),
                0.2);
        stage.shining(
                Shapes.polygon(0.86, 0.26, 0.94, 0.26, 0.98, 0.4, 0.82, 0.4),
                Rgb.of(0xFFE2A0),
                0.2);
        stage.glow(0.9, 0.34, 0.24, Rgb.of(0xFFE3A0), stage.mood().dark() ? 0.65 : 0.3);
    }

    private static void picture(Stage stage, Rgb colour) {
        stage.flat(Shapes.rect(0.68, 0.14, 0.92, 0.36), Matter.WOOD, Rgb.of(0xB8893F), 0.5);
        stage.mark(Shapes.rect(0.7, 0.16, 0.9, 0.34), Rgb.of(0xE8E2CE), 0.5);
        stage.mark(
                Shapes.polygon(0.7, 0.34, 0.78, 0.22, 0.83, 0.29, 0.86, 0.25, 0.9, 0.34),
                colour,
                0.5);
    }
}
