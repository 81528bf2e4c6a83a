package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.draw.Warp;
import java.util.ArrayList;
import java.util.List;

/** Horses on a meadow, a cat at home, birds on a branch, fish in the water. */
final class AnimalScenes {
    private AnimalScenes() {}

    static String horses(Stage stage, Wording words) {
        Dice dice = stage.dice();
        stage.horizon(dice.between(0.5, 0.6));
        Sky.paint(stage);
        Land.hills(stage, stage.horizon() - 0.05, 0.05, Rgb.of(0x6C8FA8), 0.85);
        Land.meadow(stage, stage.horizon());
        double side = dice.chance(0.5) ? 0.06 : 0.94;
        Land.tree(stage, side, stage.horizon() + 0.06, 0.42, 0.35);
        int count = dice.pick(1, 1, 1, 2, 2, 3);
        Hue coat = dice.pick(Hue.BROWN, Hue.WHITE, Hue.BLACK, Hue.GREY);
        Rgb mane =
                coat == Hue.BLACK
                        ? Rgb.of(0x15151A)
                        : coat == Hue.WHITE ? Rgb.of(0xC9C2B4) : Rgb.of(0x33241B);
        double scale = count == 1 ? 0.46 : count == 2 ? 0.33 : 0.225;
        for (int i = 0; i < count; i++) {
            double x = (i + 0.5) / count + dice.between(-0.03, 0.03) - 0.02;
            double y = 0.86 - 0.06 * ((i + count) % 2) + dice.between(-0.02, 0.04);
            Land.shadow(stage, x, y, scale * 0.55, scale * 0.06);
            Figure at = new Figure(stage, x, y, scale, dice.chance(0.4), 0.05);
            Creatures.horse(at, coat.shade(dice), mane, dice.chance(0.35));
        }
        stage.focus(0.5, 0.66);
        Sky.weather(stage);
        words.fact("colour", coat.word());
        String verb = dice.pick("standing", "resting", "");
        String subject = words.counted(count, coat.word(), "horse", "horses");
        String place = dice.pick("on a meadow", "in a field", "on the grass");
        return words.outdoors(subject, (verb + " " + place).strip(), stage.mood());
    }

    static String cat(Stage stage, Wording words) {
        Dice dice = stage.dice();
        Hue wall = dice.pick(Hue.GREEN, Hue.BLUE, Hue.PINK, Hue.YELLOW, Hue.TURQUOISE);
        Rgb plaster = wall.shade(dice).mix(Rgb.grey(0.92), 0.5);
        stage.horizon(0.74);
        Rooms.room(stage, plaster, 0.74);
        Rooms.window(stage, dice.between(0.16, 0.24), 0.24, 0.13, 0.17);
        Hue rug = dice.pick(Hue.RED, Hue.BLUE, Hue.PURPLE, Hue.ORANGE);
        stage.flat(Shapes.ellipse(0.52, 0.9, 0.42, 0.085), Matter.CLOTH, rug.shade(dice), 0.2);
        stage.mark(Shapes.ellipse(0.52, 0.9, 0.35, 0.06), rug.rgb().lighter(0.25), 0.2);
        stage.flat(Shapes.ellipse(0.52, 0.9, 0.3, 0.048), Matter.CLOTH, rug.shade(dice), 0.2);
        Hue fur = dice.pick(Hue.ORANGE, Hue.BLACK, Hue.GREY, Hue.WHITE, Hue.BROWN);
        boolean striped =
                (fur == Hue.ORANGE || fur == Hue.GREY || fur == Hue.BROWN) && dice.chance(0.6);
        Rgb eyes = dice.pick(Rgb.of(0xC8D845), Rgb.of(0x6FBF5A), Rgb.of(0xF0B93A));
        Land.shadow(stage, 0.52, 0.905, 0.26, 0.04);
        double scale = dice.between(0.56, 0.64);
        Creatures.cat(
                new Figure(stage, dice.between(0.49, 0.56), 0.9, scale, dice.chance(0.5), 0),
                fur.rgb().lighter(dice.between(-0.05, 0.1)),
                eyes,
                striped);
        stage.focus(0.52, 0.55);
        words.fact("colour", fur.word())
                .fact("count", "1")
                .fact("rug", rug.word())
                .fact("wall", wall.word());
        String cat = Wording.article(fur.word() + (striped ? " striped cat" : " cat"));
        return cat
                + dice.pick(" sitting on ", " on ")
                + Wording.article(rug.word() + dice.pick(" rug", " carpet"))
                + dice.pick(
                        "",
                        " by the window",
                        " in front of " + Wording.article(wall.word() + " wall"));
    }

    static String birds(Stage stage, Wording words) {
        Dice dice = stage.dice();
        stage.horizon(0.9);
        Sky.paint(stage, dice.between(0.14, 0.3), dice.between(0.12, 0.2), 0.06);
        Land.hills(stage, 0.84, 0.05, Rgb.of(0x5D8A78), 0.8);
        int count = dice.pick(1, 2, 2, 3, 4);
        double droop = dice.between(-0.05, 0.05);
        branch(stage, 0.66, droop);
        Hue colour = dice.pick(Hue.RED, Hue.BLUE, Hue.YELLOW, Hue.GREEN, Hue.WHITE, Hue.BLACK);
        double scale = count == 1 ? 0.48 : count == 2 ? 0.37 : count == 3 ? 0.255 : 0.195;
        for (int i = 0; i < count; i++) {
            double x = (i + 0.5) / count + 0.01;
            double y = 0.655 + droop * (2 * x - 1);
            Rgb feathers = colour.shade(dice);
            Rgb belly = feathers.mix(Rgb.of(0xFFF3DC), 0.65);
            Creatures.bird(
                    new Figure(stage, x, y, scale, dice.chance(0.35), 0.02), feathers, belly);
        }
        stage.focus(0.5, 0.5);
        Sky.weather(stage);
        words.fact("colour", colour.word());
        String subject = words.counted(count, colour.word(), "bird", "birds");
        return words.outdoors(
                subject,
                dice.pick("on a branch", "sitting on a branch", "perched on a branch"),
                stage.mood());
    }

    private static void branch(Stage stage, double y, double droop) {
        Dice dice = stage.dice();
        Rgb bark = Rgb.of(0x5F4431);
        stage.formed(
                Line.curve(
                        0.055,
                        0.03,
                        -0.05,
                        y - droop * 1.1,
                        0.3,
                        y - droop * 0.4 + 0.012,
                        0.7,
                        y + droop * 0.4 - 0.01,
                        1.05,
                        y + droop * 1.1),
                Matter.WOOD,
                bark,
                Form.SLOPE,
                0.05);
        Season season = stage.mood().season();
        List<Contour> leaves = new ArrayList<>();
        List<Contour> twigs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            double x = 0.02 + 0.13 * i + dice.between(-0.02, 0.02);
            double from = y + droop * (2 * x - 1);
            double angle = dice.between(0.3, 1.1);
            double length = dice.between(0.09, 0.13);
            double tipX = x + length * StrictMath.cos(angle);
            double tipY = from + length * StrictMath.sin(angle);
            twigs.add(Line.of(0.012, 0.006, x, from, tipX, tipY));
            leaves.add(
                    leaf(x + (tipX - x) * 0.45, from + (tipY - from) * 0.45, 0.085, angle + 0.85));
            leaves.add(leaf(x + (tipX - x) * 0.6, from + (tipY - from) * 0.6, 0.08, angle - 0.8));
            leaves.add(leaf(tipX, tipY, 0.09, angle));
        }
        stage.flat(Contour.union(twigs), Matter.WOOD, bark, 0.05);
        if (season != Season.WINTER) {
            Rgb colour = season == Season.SPRING ? season.otherLeaves() : season.leaves();
            stage.flat(Contour.union(leaves), Matter.FOLIAGE, colour, 0.05);
        }
    }

    private static Contour leaf(double x, double y, double length, double angle) {
        return Shapes.smooth(0, 0, 0.35, -0.27, 0.75, -0.17, 1, 0, 0.75, 0.17, 0.35, 0.27)
                .warped(Warp.placed(x, y, length, length, angle));
    }

    static String fish(Stage stage, Wording words) {
        Dice dice = stage.dice();
        Rgb top = dice.pick(Rgb.of(0x7FD4E4), Rgb.of(0x6FC0EE), Rgb.of(0x86DCC8));
        Rgb deep = dice.pick(Rgb.of(0x0F4C86), Rgb.of(0x125A78), Rgb.of(0x1A3F7A));
        stage.horizon(0.86);
        stage.raw(
                Shape.of(Shapes.rect(-0.1, -0.1, 1.1, 1.1), Matter.WATER, deep)
                        .with(Fill.down(top, deep, 0, 0.9))
                        .at(1));
        rays(stage);
        Land.hills(stage, 0.88, 0.03, Rgb.of(0xD9C48C), 0.4);
        weeds(stage);
        int count = dice.pick(1, 2, 3, 3, 4, 5);
        Hue colour = dice.pick(Hue.ORANGE, Hue.RED, Hue.YELLOW, Hue.WHITE, Hue.PURPLE, Hue.PINK);
        Rgb bands = colour == Hue.WHITE ? Rgb.of(0xD8542C) : Rgb.of(0xFBF3E4);
        double scale = count == 1 ? 0.58 : count == 2 ? 0.42 : count == 3 ? 0.34 : 0.27;
        for (int i = 0; i < count; i++) {
            double y = 0.18 + 0.58 * (i + 0.5) / count;
            double x = count == 1 ? 0.5 : 0.5 + (i % 2 == 0 ? -1 : 1) * dice.between(0.12, 0.24);
            Creatures.fish(
                    new Figure(stage, x, y, scale, dice.chance(0.3), 0.02),
                    colour.shade(dice),
                    bands,
                    dice);
        }
        bubbles(stage);
        stage.focus(0.5, 0.46);
        words.fact("colour", colour.word());
        String subject = words.counted(count, colour.word(), "fish", "fish");
        return subject
                + dice.pick(
                        " swimming under water",
                        " in the sea",
                        " among seaweed",
                        " swimming in blue water");
    }

    private static void rays(Stage stage) {
        Dice dice = stage.dice();
        for (int i = 0; i < 4; i++) {
            double x = dice.between(0, 0.9);
            double lean = dice.between(0.1, 0.3);
            Rgb light = Rgb.of(0xE6FBFF);
            stage.raw(
                    Shape.of(
                                    Shapes.polygon(
                                            x,
                                            -0.05,
                                            x + 0.07,
                                            -0.05,
                                            x + 0.16 + lean,
                                            0.85,
                                            x + lean,
                                            0.85),
                                    Matter.WATER,
                                    light)
                            .with(Fill.down(light, light, 0, 0.8).opacity(0.3, 0))
                            .at(0.9));
        }
    }

    private static void weeds(Stage stage) {
        Dice dice = stage.dice();
        for (int i = 0; i < 7; i++) {
            double x = i < 4 ? dice.between(0, 0.25) : dice.between(0.75, 1);
            double tall = dice.between(0.2, 0.5);
            double sway = dice.between(0.02, 0.05);
            Rgb green = dice.pick(Rgb.of(0x2E8B57), Rgb.of(0x5FA345), Rgb.of(0xA33F5A));
            stage.flat(
                    Line.curve(
                            0.03,
                            0.008,
                            x,
                            0.97,
                            x + sway,
                            0.95 - tall * 0.3,
                            x - sway,
                            0.95 - tall * 0.65,
                            x + sway,
                            0.95 - tall),
                    Matter.FOLIAGE,
                    green,
                    0.3);
        }
    }

    private static void bubbles(Stage stage) {
        Dice dice = stage.dice();
        for (int i = 0; i < 9; i++) {
            double r = dice.between(0.008, 0.02);
            double x = dice.unit();
            double y = dice.between(0.05, 0.8);
            stage.mark(Shapes.ellipse(x, y, r, r), Rgb.of(0xD6F4FA), 0);
            stage.mark(
                    Shapes.ellipse(x + r * 0.15, y + r * 0.15, r * 0.72, r * 0.72),
                    Rgb.of(0x7CC6DC),
                    0);
        }
    }
}
