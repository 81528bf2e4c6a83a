package dev.stanstudio.datasets.synth.scene;

import dev.stanstudio.datasets.synth.draw.Contour;
import dev.stanstudio.datasets.synth.draw.Dice;
import dev.stanstudio.datasets.synth.draw.Line;
import dev.stanstudio.datasets.synth.draw.Rgb;
import dev.stanstudio.datasets.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Mountains, forests, meadows and the moonlit lake. */
final class Landscapes {
    private Landscapes() {}

    static String mountains(Stage stage, Wording words) {
        Dice dice = stage.dice();
        stage.horizon(dice.between(0.6, 0.68));
        Sky.paint(stage);
        Hue rock = dice.pick(Hue.BLUE, Hue.PURPLE, Hue.GREY, Hue.BROWN, Hue.GREEN);
        Rgb stone = rock.shade(dice).mix(Rgb.of(0x6A7280), 0.35);
        int count = 1 + dice.below(3);
        Land.hills(stage, stage.horizon() - 0.12, 0.06, stone.lighter(0.2), 0.95);
        double width = count == 1 ? 0.46 : count == 2 ? 0.34 : 0.25;
        for (int i = 0; i < count; i++) {
            double x = (i + 0.5) / count + dice.between(-0.05, 0.05);
            double peak = dice.between(0.16, 0.26) + (i % 2) * 0.08;
            peak(stage, x, peak, width, stone.lighter(i % 2 * 0.08));
        }
        boolean lake = dice.chance(0.5);
        foreground(stage, lake);
        stage.focus(0.5, 0.45);
        Sky.weather(stage);
        words.fact("colour", rock.word()).fact("foreground", lake ? "lake" : "firs");
        String subject =
                words.counted(
                        count,
                        rock.word(),
                        dice.pick("mountain", "snow-capped mountain"),
                        "mountains");
        String place =
                lake
                        ? dice.pick("behind a lake", "above a lake")
                        : dice.pick("above fir trees", "behind a fir forest");
        return words.outdoors(subject, place, stage.mood());
    }

    private static void foreground(Stage stage, boolean lake) {
        Dice dice = stage.dice();
        double y = stage.horizon();
        if (lake) {
            Land.water(stage, y + 0.02, 0.92, 0.3);
            Land.hills(stage, 0.93, 0.02, stage.mood().season().grass(), 0.2);
        } else {
            Land.meadow(stage, y);
        }
        for (int i = 0; i < (lake ? 4 : 9); i++) {
            double x =
                    lake
                            ? (i < 2 ? dice.between(-0.02, 0.14) : dice.between(0.84, 1.02))
                            : (i + dice.unit()) / 9;
            double foot = lake ? 0.97 : y + 0.05 + 0.27 * i * dice.between(0.7, 1) / 9;
            Land.fir(
                    stage,
                    x,
                    foot,
                    (lake ? 0.3 : 0.13 + 0.12 * (foot - y) / 0.3) * dice.between(0.8, 1.2),
                    0.25);
        }
    }

    private static void peak(Stage stage, double x, double top, double half, Rgb stone) {
        Dice dice = stage.dice();
        double foot = stage.horizon() + 0.06;
        double a = top + (foot - top) * dice.between(0.4, 0.5);
        double b = top + (foot - top) * dice.between(0.4, 0.5);
        stage.add(
                Shape.of(
                                Shapes.polygon(
                                        x - half,
                                        foot,
                                        x - half * 0.5,
                                        a,
                                        x - half * 0.2,
                                        top + 0.1,
                                        x,
                                        top,
                                        x + half * 0.22,
                                        top + 0.12,
                                        x + half * 0.55,
                                        b,
                                        x + half,
                                        foot),
                                Matter.FAR,
                                stone)
                        .with(Fill.down(stone.lighter(0.1), stone.lighter(-0.12), top, foot))
                        .at(0.62));
        stage.mark(
                Shapes.polygon(
                        x,
                        top,
                        x + half * 0.22,
                        top + 0.12,
                        x + half * 0.55,
                        b,
                        x + half,
                        foot,
                        x + half * 0.15,
                        foot,
                        x + half * 0.2,
                        b,
                        x - half * 0.02,
                        top + 0.16),
                stone.lighter(-0.28),
                0.62);
        double snow = (foot - top) * dice.between(0.28, 0.42);
        double lean = half * snow / (foot - top);
        stage.mark(
                Shapes.polygon(
                        x,
                        top,
                        x + lean * 0.75,
                        top + snow * 0.85,
                        x + lean * 0.4,
                        top + snow * 0.72,
                        x + lean * 0.15,
                        top + snow * 1.1,
                        x - lean * 0.15,
                        top + snow * 0.75,
                        x - lean * 0.42,
                        top + snow * 1.05,
                        x - lean * 0.7,
                        top + snow * 0.9),
                Rgb.of(0xF5F8FC),
                0.45);
        stage.mark(
                Shapes.polygon(
                        x,
                        top,
                        x + lean * 0.75,
                        top + snow * 0.85,
                        x + lean * 0.4,
                        top + snow * 0.72,
                        x + lean * 0.15,
                        top + snow * 1.1,
                        x + lean * 0.02,
                        top + snow * 0.5),
                Rgb.of(0xC3D0E4),
                0.45);
    }

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
        words.fact("way", stream ? "stream" : "path")
                .fact("foliage", mood.season().name().toLowerCase(Locale.ROOT));
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

    static String moonlit(Stage stage, Wording words) {
        Dice dice = stage.dice();
        stage.horizon(dice.between(0.56, 0.64));
        double x = dice.between(0.3, 0.7);
        double radius = dice.between(0.075, 0.11);
        double y = dice.between(0.2, 0.28);
        boolean crescent = dice.chance(0.4);
        Sky.paint(stage, x, y, crescent ? 0 : radius);
        if (crescent) {
            crescent(stage, x, y, radius);
        }
        Land.hills(stage, stage.horizon() - 0.06, 0.06, Rgb.of(0x4A6288), 0.7);
        Land.hills(stage, stage.horizon() - 0.01, 0.02, Rgb.of(0x30486A), 0.5);
        Land.water(stage, stage.horizon(), 1.1, x);
        boolean hut = dice.chance(0.5);
        shore(stage, hut);
        stage.focus(x, y);
        words.fact("moon", crescent ? "crescent" : "full")
                .fact("time", "night")
                .fact("house", hut ? "yes" : "no");
        String moon =
                crescent
                        ? dice.pick("a crescent moon", "a thin moon")
                        : dice.pick("a full moon", "the full moon");
        String lake = dice.pick("a lake", "a quiet lake", "the water");
        String house =
                hut
                        ? dice.pick(
                                ", a hut with lit windows on the shore",
                                ", a small house on the shore")
                        : dice.pick(", dark firs on the shore", "");
        return moon
                + dice.pick(" over ", " above ", " shining on ")
                + lake
                + house
                + dice.pick("", ", night");
    }

    /** A thin moon, open to the upper right. */
    private static void crescent(Stage stage, double x, double y, double radius) {
        stage.glow(x, y, radius * 4, Rgb.of(0xAFC3F2), 0.35);
        int parts = 12;
        double[] rim = new double[4 * parts];
        for (int i = 0; i < parts; i++) {
            double angle = 0.35 + i * 3.6 / (parts - 1);
            rim[2 * i] = x + radius * StrictMath.cos(angle);
            rim[2 * i + 1] = y + radius * StrictMath.sin(angle);
            double inner = 0.35 + (parts - 1 - i) * 3.6 / (parts - 1);
            double depth = 0.42 * StrictMath.sin((inner - 0.35) / 3.6 * StrictMath.PI);
            rim[2 * (parts + i)] = x + radius * (StrictMath.cos(inner) + depth * 0.84);
            rim[2 * (parts + i) + 1] = y + radius * (StrictMath.sin(inner) - depth * 0.84);
        }
        stage.shining(Shapes.polygon(rim), Rgb.of(0xFFF6D8), 1);
    }

    private static void shore(Stage stage, boolean hut) {
        Dice dice = stage.dice();
        Rgb earth = Rgb.of(0x2C3F3A);
        stage.flat(
                Shapes.smooth(-0.15, 0.8, 0.1, 0.78, 0.36, 0.86, 0.5, 0.95, 0.52, 1.1, -0.15, 1.1),
                Matter.GROUND,
                earth,
                0.1);
        if (hut) {
            Buildings.cottage(
                    stage, 0.2, 0.85, 0.17, Hue.BROWN.rgb(), Hue.RED.rgb().lighter(-0.2), 0.1);
        }
        for (int i = 0; i < 3; i++) {
            Land.fir(
                    stage,
                    hut ? dice.between(-0.02, 0.06) : 0.05 + 0.13 * i,
                    0.86 + 0.02 * i,
                    dice.between(0.3, 0.46),
                    0.05);
        }
    }

    /** Reeds that stand in the water's edge. */
    static void reeds(Stage stage, double from, double to) {
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
