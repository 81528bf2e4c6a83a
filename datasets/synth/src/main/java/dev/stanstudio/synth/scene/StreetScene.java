package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** A row of town houses with a car or a walker in front. */
final class StreetScene {
    private StreetScene() {}

    static String draw(Stage stage, Wording words) {
        Dice dice = stage.dice();
        Mood mood = stage.mood();
        double foot = dice.between(0.74, 0.78);
        stage.horizon(foot);
        Sky.paint(stage, dice.between(0.3, 0.7), 0.12, 0.05);
        int count = dice.pick(3, 4, 4, 5);
        Hue colour =
                dice.pick(
                        Hue.RED, Hue.YELLOW, Hue.BLUE, Hue.GREEN, Hue.PINK, Hue.WHITE, Hue.ORANGE);
        boolean mixed = dice.chance(0.35);
        double step = 1.02 / count;
        for (int i = 0; i < count; i++) {
            Hue wall =
                    mixed ? dice.pick(Hue.RED, Hue.YELLOW, Hue.BLUE, Hue.GREEN, Hue.PINK) : colour;
            Rgb plaster = wall.shade(dice).mix(Rgb.grey(0.8), 0.15).lighter(0.08 * (i % 2));
            Buildings.townHouse(
                    stage,
                    step * i,
                    step * (i + 1) - 0.008,
                    dice.between(0.26, 0.42),
                    foot,
                    plaster,
                    Rgb.of(0x9C4A38).turned(dice.between(-10, 10)));
        }
        Rgb road = mood.season() == Season.WINTER ? Rgb.of(0xDDE3EA) : Rgb.of(0x8C8588);
        stage.add(
                Shape.of(Shapes.rect(-0.1, foot, 1.1, 1.1), Matter.GROUND, road)
                        .with(Fill.down(road.lighter(-0.1), road.lighter(0.08), foot, 1))
                        .at(0.25));
        stage.mark(Shapes.rect(-0.1, foot, 1.1, foot + 0.035), road.lighter(0.25), 0.25);
        cobbles(stage, foot + 0.05, road);
        lamp(stage, dice.between(0.12, 0.25), 0.88);
        boolean car = dice.chance(0.5);
        Hue paint = dice.pick(Hue.RED, Hue.BLUE, Hue.YELLOW, Hue.GREEN, Hue.BLACK);
        if (car) {
            car(stage, dice.between(0.5, 0.7), 0.93, 0.3, paint.rgb());
        } else {
            walker(stage, dice.between(0.45, 0.7), 0.95, 0.3, paint.rgb());
        }
        stage.focus(0.55, 0.7);
        Sky.weather(stage);
        return streetWords(
                words, mood, count, mixed ? "colourful" : colour.word(), car, paint.word());
    }

    private static String streetWords(
            Wording words, Mood mood, int count, String colour, boolean car, String paint) {
        words.fact("colour", colour)
                .fact("figure", car ? "car" : "walker")
                .fact("figure_colour", paint);
        String houses = words.counted(count, colour, "house", "houses");
        String figure =
                car
                        ? Wording.article(paint + " car")
                        : "a person with " + Wording.article(paint + " umbrella");
        String subject = figure + " in front of " + houses;
        return words.outdoors(subject, "in a city street", mood);
    }

    private static void cobbles(Stage stage, double y, Rgb road) {
        Dice dice = stage.dice();
        List<Contour> stones = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double depth = dice.unit();
            double at = y + depth * (1 - y);
            stones.add(
                    Shapes.ellipse(dice.unit(), at, 0.012 + 0.018 * depth, 0.004 + 0.004 * depth));
        }
        stage.mark(Contour.union(stones), road.lighter(-0.16), 0.2);
    }

    private static void lamp(Stage stage, double x, double foot) {
        Rgb iron = Rgb.of(0x2C3436);
        if (stage.mood().dark()) {
            stage.glow(x, foot - 0.41, 0.16, Rgb.of(0xFFD27A), 0.7);
        }
        stage.flat(
                Contour.union(
                        List.of(
                                Line.of(0.018, 0.012, x, foot, x, foot - 0.38),
                                Shapes.rect(x - 0.022, foot - 0.02, x + 0.022, foot))),
                Matter.OBJECT,
                iron,
                0.1);
        Rgb glass = stage.mood().dark() ? Rgb.of(0xFFEBA8) : Rgb.of(0xE9EEDD);
        stage.shining(
                Shapes.polygon(
                        x - 0.018,
                        foot - 0.38,
                        x - 0.028,
                        foot - 0.44,
                        x + 0.028,
                        foot - 0.44,
                        x + 0.018,
                        foot - 0.38),
                glass,
                0.1);
        stage.mark(
                Shapes.polygon(x - 0.034, foot - 0.44, x, foot - 0.475, x + 0.034, foot - 0.44),
                iron,
                0.1);
    }

    private static void car(Stage stage, double x, double foot, double size, Rgb paint) {
        Land.shadow(stage, x, foot, size * 0.55, size * 0.07);
        Figure at = new Figure(stage, x, foot, size, false, 0.05);
        at.part(
                Contour.union(
                        List.of(
                                Shapes.smooth(
                                        -0.5, -0.12, -0.48, -0.27, -0.3, -0.31, 0.3, -0.31, 0.46,
                                        -0.26, 0.5, -0.12, 0.4, -0.08, -0.4, -0.08),
                                Shapes.smooth(
                                        -0.3, -0.29, -0.2, -0.48, 0, -0.52, 0.16, -0.48, 0.3,
                                        -0.29))),
                Matter.OBJECT,
                paint,
                Form.SLOPE);
        at.mark(
                Contour.union(
                        List.of(
                                Shapes.polygon(
                                        -0.22, -0.31, -0.15, -0.45, -0.02, -0.47, -0.02, -0.31),
                                Shapes.polygon(
                                        0.03, -0.31, 0.03, -0.47, 0.13, -0.44, 0.21, -0.31))),
                Rgb.of(0xBFDDE8));
        for (double wheel : new double[] {-0.28, 0.28}) {
            at.part(
                    Shapes.ellipse(wheel, -0.09, 0.105, 0.105),
                    Matter.OBJECT,
                    Rgb.of(0x26262B),
                    Form.FLAT);
            at.mark(Shapes.ellipse(wheel, -0.09, 0.045, 0.045), Rgb.of(0xC9CCD0));
        }
        at.mark(Shapes.ellipse(0.47, -0.2, 0.03, 0.035), Rgb.of(0xFFF3B0));
    }

    private static void walker(Stage stage, double x, double foot, double size, Rgb umbrella) {
        Land.shadow(stage, x, foot, size * 0.2, size * 0.04);
        Figure at = new Figure(stage, x, foot, size, false, 0.05);
        at.part(
                Contour.union(
                        List.of(
                                Line.of(0.09, 0.07, -0.05, -0.3, -0.08, 0),
                                Line.of(0.09, 0.07, 0.05, -0.3, 0.09, 0))),
                Matter.CLOTH,
                Rgb.of(0x2B2B38),
                Form.FLAT);
        at.part(
                Shapes.smooth(-0.1, -0.62, 0.1, -0.62, 0.17, -0.2, -0.17, -0.2),
                Matter.CLOTH,
                Rgb.of(0x4D4A5E),
                Form.COLUMN);
        at.part(Shapes.ellipse(0, -0.7, 0.075, 0.085), Matter.SKIN, Rgb.of(0xE8B993), Form.BALL);
        at.mark(Line.of(0.02, 0.02, 0.12, -0.42, 0.06, -1), Rgb.of(0x3A2E28));
        at.part(
                Shapes.arc(0.06, -0.86, 0.36, 0.26, StrictMath.PI, 2 * StrictMath.PI),
                Matter.CLOTH,
                umbrella,
                Form.BALL);
        at.mark(
                Contour.union(
                        List.of(
                                Shapes.ellipse(-0.18, -0.86, 0.11, 0.035),
                                Shapes.ellipse(0.06, -0.86, 0.11, 0.035),
                                Shapes.ellipse(0.3, -0.86, 0.11, 0.035))),
                umbrella.lighter(-0.35));
    }
}
