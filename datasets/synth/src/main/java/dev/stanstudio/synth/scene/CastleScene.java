package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;

/** A castle on a hill. */
final class CastleScene {
    private CastleScene() {}

    static String draw(Stage stage, Wording words) {
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
}
