package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** Sailing boats and the lighthouse. */
final class SeaScenes {
    private SeaScenes() {}

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
                        ? "%s with %s sails"
                                .formatted(words.counted(count, "", boat, boat + "s"), sail.word())
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
