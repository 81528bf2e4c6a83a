package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** An arched bridge over a river. */
final class BridgeScene {
    private BridgeScene() {}

    static String draw(Stage stage, Wording words) {
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
            reeds(stage, 0.74, 1);
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

    /** Reeds that stand in the water's edge. */
    private static void reeds(Stage stage, double from, double to) {
        Dice dice = stage.dice();
        List<Contour> stalks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            double x = dice.between(from, to);
            stalks.add(
                    Line.of(
                            0.01,
                            0.004,
                            x,
                            1.02,
                            x + dice.between(-0.03, 0.03),
                            dice.between(0.8, 0.9)));
        }
        stage.flat(Contour.union(stalks), Matter.FOLIAGE, Rgb.of(0x4F7A3C), 0.05);
    }
}
