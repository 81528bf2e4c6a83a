package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;

/** A lake under the moon. */
final class MoonlitScene {
    private MoonlitScene() {}

    static String draw(Stage stage, Wording words) {
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
}
