package dev.stanstudio.datasets.synth.scene;

import dev.stanstudio.datasets.synth.draw.Contour;
import dev.stanstudio.datasets.synth.draw.Dice;
import dev.stanstudio.datasets.synth.draw.Line;
import dev.stanstudio.datasets.synth.draw.Rgb;
import dev.stanstudio.datasets.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** Castles, streets, bridges, harbours and lighthouses. */
final class BuiltScenes {
    private BuiltScenes() {}

    static String castle(Stage stage, Wording words) {
        Dice dice = stage.dice();
        stage.horizon(dice.between(0.66, 0.72));
        Sky.paint(stage, dice.between(0.1, 0.2), dice.between(0.12, 0.2), 0.055);
        Land.hills(stage, stage.horizon() - 0.05, 0.06, Rgb.of(0x6F8EA6), 0.85);
        Hue colour =
                dice.pick(Hue.RED, Hue.WHITE, Hue.GREY, Hue.YELLOW, Hue.PINK, Hue.BLUE, Hue.BROWN);
        Hue roof =
                colour == Hue.RED || colour == Hue.PINK
                        ? Hue.BLUE
                        : dice.pick(Hue.RED, Hue.BLUE, Hue.PURPLE);
        double x = dice.between(0.44, 0.58);
        double top = dice.between(0.68, 0.72);
        Rgb grass = stage.mood().season().grass();
        stage.add(
                Shape.of(
                                Shapes.smooth(
                                        -0.2,
                                        1.15,
                                        -0.05,
                                        0.95,
                                        0.12,
                                        0.84,
                                        x - 0.24,
                                        top + 0.02,
                                        x,
                                        top - 0.01,
                                        x + 0.24,
                                        top + 0.02,
                                        0.9,
                                        0.86,
                                        1.06,
                                        0.95,
                                        1.2,
                                        1.15),
                                Matter.GROUND,
                                grass)
                        .with(Fill.down(grass.lighter(0.1), grass.lighter(-0.22), top, 1))
                        .at(0.3));
        Buildings.castle(
                stage,
                x,
                top + 0.025,
                dice.between(0.46, 0.54),
                colour.shade(dice).mix(Rgb.grey(0.7), 0.15),
                roof.rgb().lighter(-0.1),
                0.25);
        Rgb way = stage.mood().season() == Season.WINTER ? Rgb.of(0xCBD3DC) : Rgb.of(0xD9BD8C);
        stage.mark(
                Line.curve(
                        0.04, 0.17, x, top + 0.025, x + 0.05, 0.78, x - 0.08, 0.87, x + 0.02, 1.05),
                way,
                0.25);
        for (int i = 0; i < 6; i++) {
            double tx = i < 3 ? dice.between(0, 0.26) : dice.between(0.76, 1);
            Land.fir(stage, tx, dice.between(0.93, 1), dice.between(0.15, 0.24), 0.1);
        }
        stage.focus(x, 0.5);
        Sky.weather(stage);
        words.fact("colour", colour.word()).fact("roof", roof.word());
        String subject = Wording.article(colour.word() + " castle");
        String roofs = dice.chance(0.3) ? " with " + roof.word() + " roofs" : "";
        String phrase =
                words.outdoors(
                        subject + roofs, dice.pick("on a hill", "on a hilltop"), stage.mood());
        boolean moon = stage.mood().dark() && stage.mood().weather() == Weather.CLEAR;
        return moon ? phrase + ", full moon" : phrase;
    }

    static String street(Stage stage, Wording words) {
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

    static String bridge(Stage stage, Wording words) {
        Dice dice = stage.dice();
        stage.horizon(dice.between(0.5, 0.56));
        Sky.paint(stage);
        Land.hills(stage, stage.horizon() - 0.07, 0.06, Rgb.of(0x6E93A0), 0.85);
        Land.hills(stage, stage.horizon() - 0.02, 0.03, stage.mood().season().grass(), 0.5);
        double deck = dice.between(0.54, 0.58);
        Land.water(stage, stage.horizon() + 0.08, 1.1, dice.between(0.3, 0.7));
        int arches = dice.pick(1, 2, 3, 3, 4);
        Hue colour = dice.pick(Hue.RED, Hue.GREY, Hue.BROWN, Hue.WHITE, Hue.ORANGE, Hue.BLUE);
        Rgb stone = colour.shade(dice);
        double hump = arches == 1 ? 0.13 : 0.07;
        span(stage, deck, hump, arches, stone);
        Land.tree(stage, 0.03, 0.8, 0.36, 0.15);
        stage.flat(
                Shapes.smooth(-0.2, 0.82, 0.03, 0.79, 0.16, 0.87, 0.2, 1.1, -0.2, 1.1),
                Matter.GROUND,
                stage.mood().season().grass().lighter(-0.08),
                0.15);
        if (stage.mood().season() != Season.WINTER) {
            Landscapes.reeds(stage, 0.74, 1);
        }
        stage.focus(0.5, 0.62);
        Sky.weather(stage);
        words.fact("colour", colour.word()).fact("arches", Integer.toString(arches));
        String adjective = colour.word();
        String with = " with " + (arches == 1 ? "one arch" : Wording.number(arches) + " arches");
        return words.outdoors(
                Wording.article(adjective + " bridge") + with,
                dice.pick("over a river", "across a river", "over the water"),
                stage.mood());
    }

    private static void span(Stage stage, double deck, double hump, int arches, Rgb stone) {
        double foot = deck + 0.24;
        Contour body =
                Shapes.smooth(
                        -0.2,
                        deck + hump,
                        0.1,
                        deck + hump * 0.55,
                        0.5,
                        deck,
                        0.9,
                        deck + hump * 0.55,
                        1.2,
                        deck + hump,
                        1.2,
                        deck + hump + 0.13,
                        1.15,
                        foot,
                        -0.15,
                        foot,
                        -0.2,
                        deck + hump + 0.13);
        stage.formed(body, Matter.MASONRY, stone, Form.SLOPE, 0.2);
        stage.mark(
                Line.curve(
                        0.03,
                        0.03,
                        -0.1,
                        deck + hump * 0.9,
                        0.1,
                        deck + hump * 0.55,
                        0.5,
                        deck + 0.002,
                        0.9,
                        deck + hump * 0.55,
                        1.1,
                        deck + hump * 0.9),
                stone.lighter(0.25),
                0.2);
        Mood mood = stage.mood();
        Rgb through = mood.horizon().mix(Rgb.of(0x3E7EA6).times(mood.time().light()), 0.6);
        double step = 0.9 / arches;
        for (int i = 0; i < arches; i++) {
            double x = 0.05 + step * (i + 0.5);
            double rx = step * 0.38;
            double rise = Math.min(0.15, rx * 1.1);
            Contour ring = arch(x, foot, rx + 0.022, rise + 0.022);
            stage.mark(ring, stone.lighter(-0.25), 0.2);
            stage.raw(
                    Shape.of(arch(x, foot, rx, rise), Matter.WATER, through)
                            .with(
                                    Fill.down(
                                            through.lighter(0.15),
                                            through.lighter(-0.2),
                                            foot - rise,
                                            foot))
                            .at(0.4));
        }
        Rgb reflection = mood.lit(stone, 0.2).mix(through, 0.55);
        List<Contour> lines = new ArrayList<>();
        for (int i = 0; i <= arches; i++) {
            double x = 0.05 + step * i;
            for (int k = 0; k < 4; k++) {
                lines.add(
                        Shapes.ellipse(
                                x + (k % 2 == 0 ? 0.01 : -0.01),
                                foot + 0.02 + 0.035 * k,
                                step * 0.13,
                                0.008));
            }
        }
        stage.raw(Shape.of(Contour.union(lines), Matter.DETAIL, reflection).at(0.2));
    }

    private static Contour arch(double x, double foot, double rx, double rise) {
        return Shapes.arc(x, foot + 0.004, rx, rise, StrictMath.PI, 2 * StrictMath.PI);
    }

    static String boats(Stage stage, Wording words) {
        Dice dice = stage.dice();
        stage.horizon(dice.between(0.46, 0.56));
        Sky.paint(stage);
        if (dice.chance(0.5)) {
            Land.hills(stage, stage.horizon() - 0.03, 0.04, Rgb.of(0x7794A8), 0.9);
        }
        Land.water(stage, stage.horizon(), 1.1, dice.between(0.25, 0.5));
        int count = dice.pick(1, 1, 2, 2, 3, 4);
        Hue sail = dice.pick(Hue.WHITE, Hue.RED, Hue.YELLOW, Hue.ORANGE, Hue.BLUE, Hue.GREEN);
        Rgb hull = dice.pick(Rgb.of(0x7A4A2C), Rgb.of(0x3A4A60), Rgb.of(0x8E3B32));
        double scale = count == 1 ? 0.52 : count == 2 ? 0.4 : 0.31;
        for (int i = 0; i < count; i++) {
            double x = (i + 0.5) / count + dice.between(-0.04, 0.04);
            double y = stage.horizon() + 0.17 + 0.11 * ((i + 1) % 2) + dice.between(0, 0.05);
            boat(
                    stage,
                    x,
                    y,
                    scale * dice.between(0.92, 1.05),
                    sail.shade(dice),
                    hull,
                    dice.chance(0.5));
        }
        stage.focus(0.5, 0.55);
        Sky.weather(stage);
        words.fact("colour", sail.word());
        String boat = dice.pick("sailing boat", "sailboat");
        String subject =
                dice.chance(0.5)
                        ? words.counted(count, "", boat, boat + "s")
                                + " with "
                                + sail.word()
                                + " sails"
                        : words.counted(count, sail.word(), boat, boat + "s");
        return words.outdoors(
                subject, dice.pick("on the sea", "at sea", "on the water"), stage.mood());
    }

    private static void boat(
            Stage stage, double x, double y, double size, Rgb sail, Rgb hull, boolean left) {
        Figure at = new Figure(stage, x, y, size, left, 0.12);
        Mood mood = stage.mood();
        Rgb reflection = mood.lit(sail, 0.3).mix(Rgb.of(0x2B5D86).times(mood.time().light()), 0.45);
        List<Contour> image = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            image.add(
                    Shapes.ellipse(
                            x + (i % 2 == 0 ? 0.015 : -0.012) * size,
                            y + size * (0.06 + 0.055 * i),
                            size * (0.3 - 0.04 * i),
                            size * 0.017));
        }
        stage.raw(Shape.of(Contour.union(image), Matter.DETAIL, reflection).at(0.2));
        at.part(
                Line.of(0.035, 0.025, 0.02, -0.08, 0.02, -0.98),
                Matter.WOOD,
                Rgb.of(0x5B4028),
                Form.FLAT);
        at.part(
                Shapes.smooth(0.06, -0.95, 0.28, -0.62, 0.5, -0.2, 0.06, -0.17, 0.09, -0.5),
                Matter.CLOTH,
                sail,
                Form.SLOPE);
        at.part(
                Shapes.smooth(-0.03, -0.86, -0.02, -0.5, -0.03, -0.18, -0.4, -0.2, -0.24, -0.48),
                Matter.CLOTH,
                sail.lighter(-0.12),
                Form.SLOPE);
        at.part(
                Shapes.polygon(-0.52, -0.14, 0.6, -0.14, 0.44, 0.05, -0.38, 0.05),
                Matter.WOOD,
                hull,
                Form.SLOPE);
        at.mark(
                Shapes.polygon(-0.5, -0.115, 0.58, -0.115, 0.55, -0.075, -0.48, -0.075),
                Rgb.of(0xF2E6CC));
    }

    static String lighthouse(Stage stage, Wording words) {
        Dice dice = stage.dice();
        stage.horizon(dice.between(0.58, 0.64));
        Sky.paint(stage, dice.between(0.12, 0.25), dice.between(0.14, 0.22), 0.05);
        Land.water(stage, stage.horizon(), 1.1, 0.2);
        double x = dice.between(0.6, 0.7);
        double foot = dice.between(0.68, 0.72);
        stage.formed(
                Shapes.polygon(
                        x - 0.36,
                        1.02,
                        x - 0.27,
                        0.86,
                        x - 0.2,
                        0.76,
                        x - 0.12,
                        foot,
                        x + 0.12,
                        foot - 0.01,
                        x + 0.24,
                        0.74,
                        1.2,
                        0.72,
                        1.2,
                        1.1,
                        x - 0.36,
                        1.1),
                Matter.MASONRY,
                Rgb.of(0x77695E),
                Form.SLOPE,
                0.2);
        Rgb grass = stage.mood().season().grass();
        stage.flat(
                Shapes.smooth(
                        x - 0.16,
                        foot + 0.03,
                        x,
                        foot - 0.02,
                        x + 0.2,
                        foot + 0.01,
                        1.2,
                        0.7,
                        1.2,
                        0.78,
                        x + 0.15,
                        foot + 0.07),
                Matter.GROUND,
                grass,
                0.2);
        Hue stripes = dice.pick(Hue.RED, Hue.BLUE, Hue.BLACK, Hue.ORANGE, Hue.GREEN);
        tower(stage, x, foot + 0.02, stripes.rgb());
        boolean house = dice.chance(0.5);
        if (house) {
            Buildings.cottage(
                    stage, x + 0.2, foot + 0.03, 0.15, Rgb.of(0xEFE6D2), Hue.RED.rgb(), 0.15);
        }
        stage.focus(x, 0.4);
        Sky.weather(stage);
        words.fact("colour", stripes.word()).fact("house", house ? "yes" : "no");
        String subject =
                Wording.article(stripes.word() + " and white lighthouse")
                        + (house ? dice.pick(" with a house", " and a small house") : "");
        return words.outdoors(
                subject, dice.pick("on a cliff", "on the rocky coast", "by the sea"), stage.mood());
    }

    private static void tower(Stage stage, double x, double foot, Rgb stripes) {
        double top = foot - 0.44;
        int bands = 5;
        for (int i = 0; i < bands; i++) {
            double y0 = top + (foot - top) * i / bands;
            double y1 = top + (foot - top) * (i + 1) / bands;
            double w0 = 0.045 + 0.03 * i / bands;
            double w1 = 0.045 + 0.03 * (i + 1) / bands;
            stage.formed(
                    Shapes.polygon(x - w0, y0, x + w0, y0, x + w1, y1, x - w1, y1),
                    Matter.MASONRY,
                    i % 2 == 0 ? stripes : Rgb.of(0xF5F1E6),
                    Form.COLUMN,
                    0.15);
        }
        stage.mark(Shapes.rect(x - 0.02, foot - 0.07, x + 0.02, foot), Rgb.of(0x40302A), 0.15);
        boolean dark = stage.mood().dark();
        if (dark) {
            Rgb beam = Rgb.of(0xFFF0B4);
            stage.raw(
                    Shape.of(
                                    Shapes.polygon(
                                            x, top - 0.05, -0.1, top - 0.16, -0.1, top + 0.06),
                                    Matter.LIGHT,
                                    beam)
                            .with(new Fill(beam, beam, 0.75, 0.05, false, x, top, -0.1, top))
                            .soft()
                            .at(0.3));
        }
        stage.flat(
                Shapes.rect(x - 0.06, top - 0.012, x + 0.06, top + 0.008),
                Matter.OBJECT,
                Rgb.of(0x33363C),
                0.15);
        stage.shining(
                Shapes.rect(x - 0.032, top - 0.075, x + 0.032, top - 0.012),
                dark ? Rgb.of(0xFFF3B8) : Rgb.of(0xCFE3EA),
                0.15);
        stage.flat(
                Shapes.polygon(x - 0.045, top - 0.075, x, top - 0.13, x + 0.045, top - 0.075),
                Matter.ROOF,
                stripes.lighter(-0.2),
                0.15);
    }
}
