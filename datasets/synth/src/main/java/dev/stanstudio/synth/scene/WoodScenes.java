package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** The forest with its path and the meadow with its trees. */
final class WoodScenes {
    private WoodScenes() {}

    static String forest(Stage stage, Wording words) {
        Dice dice = stage.dice();
        Mood mood = stage.mood();
        stage.horizon(0.56);
        Sky.paint(stage, dice.between(0.4, 0.6), 0.16, 0.05);
        Rgb grass = mood.season().grass();
        for (int row = 0; row < 2; row++) {
            for (int i = 0; i < 9; i++) {
                Land.tree(
                        stage,
                        (i + dice.between(0.1, 0.9)) / 9,
                        0.58 + 0.03 * row,
                        dice.between(0.28, 0.4),
                        0.85 - 0.2 * row);
            }
        }
        Land.hills(stage, 0.58, 0.01, grass.lighter(-0.05), 0.3);
        Rgb earth = mood.season() == Season.WINTER ? Rgb.of(0xC9D3DF) : Rgb.of(0xC9A878);
        double bend = dice.between(-0.1, 0.1);
        boolean stream = dice.chance(0.4);
        stage.flat(
                Shapes.smooth(
                        0.48 + bend,
                        0.58,
                        0.53 + bend,
                        0.58,
                        0.6 - bend * 0.5,
                        0.72,
                        0.66,
                        0.86,
                        0.82,
                        1.08,
                        0.2,
                        1.08,
                        0.4,
                        0.86,
                        0.5 - bend * 0.5,
                        0.72),
                stream ? Matter.WATER : Matter.GROUND,
                stream ? Rgb.of(0x5FA7D0) : earth,
                0.25);
        double[] xs = {0.08, 0.92, 0.24, 0.78, -0.03, 1.03};
        for (int i = 0; i < xs.length; i++) {
            double foot = 0.68 + 0.07 * i;
            bigTree(stage, xs[i] + dice.between(-0.03, 0.03) * (i < 4 ? 1 : 0), foot, i);
        }
        stage.focus(0.5, 0.55);
        Sky.weather(stage);
        String way = stream ? dice.pick("a stream", "a brook") : dice.pick("a path", "a footpath");
        words.fact("way", stream ? "stream" : "path");
        String adjective =
                switch (mood.season()) {
                    case SPRING -> "light green";
                    case SUMMER -> "green";
                    case AUTUMN -> dice.pick("golden", "orange", "red and orange");
                    case WINTER -> dice.pick("bare", "snowy");
                };
        String subject = Wording.article(adjective + dice.pick(" forest", " wood"));
        return words.outdoors(subject, dice.pick("with ", "crossed by ") + way, mood);
    }

    private static void bigTree(Stage stage, double x, double foot, int i) {
        Land.shadow(stage, x + 0.04, foot, 0.1 + 0.015 * i, 0.02);
        Land.tree(stage, x, foot, 0.55 + 0.07 * i, 0.3 - 0.05 * i);
    }

    static String meadow(Stage stage, Wording words) {
        Dice dice = stage.dice();
        stage.horizon(dice.between(0.5, 0.6));
        Sky.paint(stage);
        Land.hills(stage, stage.horizon() - 0.03, 0.05, Rgb.of(0x7BA08C), 0.8);
        Land.meadow(stage, stage.horizon());
        int trees = 1 + dice.below(3);
        for (int i = 0; i < trees; i++) {
            double x = (i + 0.5) / trees + dice.between(-0.06, 0.06);
            Land.shadow(stage, x + 0.03, stage.horizon() + 0.12, 0.16, 0.022);
            Land.tree(
                    stage, x, stage.horizon() + 0.12, trees == 1 ? 0.56 : 0.44 - 0.03 * trees, 0.2);
        }
        Hue flowers = dice.pick(Hue.RED, Hue.YELLOW, Hue.BLUE, Hue.WHITE, Hue.PINK, Hue.PURPLE);
        boolean winter = stage.mood().season() == Season.WINTER;
        if (!winter) {
            sprinkle(stage, flowers.rgb());
        }
        stage.focus(0.5, 0.5);
        Sky.weather(stage);
        words.fact("trees", Integer.toString(trees));
        String subject = words.counted(trees, winter ? "bare" : "", "tree", "trees");
        if (winter) {
            return words.outdoors(
                    subject,
                    dice.pick("on a snowy meadow", "in the snow-covered fields"),
                    stage.mood());
        }
        words.fact("colour", flowers.word());
        return words.outdoors(
                subject,
                dice.pick("on a meadow of ", "in a meadow with ") + flowers.word() + " flowers",
                stage.mood());
    }

    private static void sprinkle(Stage stage, Rgb colour) {
        Dice dice = stage.dice();
        List<Contour> petals = new ArrayList<>();
        List<Contour> hearts = new ArrayList<>();
        for (int i = 0; i < 46; i++) {
            double near = Math.sqrt((i + 0.5) / 46);
            double y = stage.horizon() + 0.13 + near * (0.99 - stage.horizon() - 0.13);
            double x = dice.unit();
            double r = 0.006 + 0.017 * near * near;
            for (int k = 0; k < 5; k++) {
                double angle = 1.2566 * k + x * 9;
                petals.add(
                        Shapes.ellipse(
                                x + r * 0.75 * StrictMath.cos(angle),
                                y + r * 0.6 * StrictMath.sin(angle),
                                r * 0.55,
                                r * 0.5));
            }
            hearts.add(Shapes.ellipse(x, y, r * 0.4, r * 0.35));
        }
        stage.add(Shape.of(Contour.union(petals), Matter.FLOWER, colour).soft().at(0.1));
        stage.mark(
                Contour.union(hearts),
                colour.luma() > 0.6 ? Rgb.of(0xE09A2C) : Rgb.of(0xFFE48A),
                0.1);
    }
}
