package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;

/** Fruit and a vessel on a table. */
final class StillLifeScene {
    private StillLifeScene() {}

    static String draw(Stage stage, Wording words) {
        Dice dice = stage.dice();
        Hue wall = dice.pick(Hue.BLUE, Hue.GREEN, Hue.GREY, Hue.BROWN, Hue.PURPLE);
        Hue cloth = dice.pick(Hue.WHITE, Hue.RED, Hue.BLUE, Hue.GREEN, Hue.YELLOW);
        Tables.table(stage, wall, cloth, dice.between(0.6, 0.64));
        double side = dice.pick(0.27, 0.72);
        boolean jug = dice.chance(0.5);
        Hue vessel = dice.pick(Hue.BLUE, Hue.GREEN, Hue.BROWN, Hue.WHITE, Hue.BLACK, Hue.TURQUOISE);
        if (jug) {
            jug(stage, side, 0.74, vessel.shade(dice));
        } else {
            bottle(stage, side, 0.74, vessel.shade(dice));
        }
        Produce fruit = dice.pick(Produce.values());
        Hue colour = fruit.hue(dice);
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
                ? "%s and %s%s".formatted(fruits, pot, on)
                : "a still life of %s%s%s%s"
                        .formatted(fruits, dice.pick(" with ", " beside "), pot, on);
    }

    /** Objects on the table. */
    private enum Produce {
        APPLE("apple", "apples"),
        PEAR("pear", "pears"),
        PLUM("plum", "plums"),
        PEACH("peach", "peaches");

        private final String one;
        private final String many;

        Produce(String one, String many) {
            this.one = one;
            this.many = many;
        }

        Hue hue(Dice dice) {
            return switch (this) {
                case APPLE -> dice.pick(Hue.RED, Hue.GREEN, Hue.YELLOW);
                case PEAR -> dice.pick(Hue.GREEN, Hue.YELLOW);
                case PLUM -> dice.pick(Hue.PURPLE, Hue.BLUE);
                case PEACH -> dice.pick(Hue.ORANGE, Hue.PINK);
            };
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
                        case PLUM, PEACH -> Shapes.ellipse(x, y, r * 0.95, r * 0.9);
                    };
            stage.formed(body, Matter.FRUIT, colour, Form.BALL, 0.05);
            double top = this == PEAR ? y - r * 1.55 : y - r * 0.74;
            if (this == APPLE || this == PEAR) {
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
}
