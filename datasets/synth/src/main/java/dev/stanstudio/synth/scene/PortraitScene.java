package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.List;

/** Head and shoulders of a woman or a man, with hair, dress, background and perhaps a hat. */
final class PortraitScene {
    private static final Rgb INK = Rgb.of(0x2A1E1C);

    private final Stage stage;
    private final Dice dice;
    private final double x;
    private final boolean woman;
    private final Rgb skin;
    private final Rgb hair;

    private PortraitScene(Stage stage, boolean woman, Rgb hair) {
        this.stage = stage;
        this.dice = stage.dice();
        this.x = dice.between(0.47, 0.53);
        this.woman = woman;
        this.hair = hair;
        this.skin =
                dice.pick(Rgb.of(0xF3CDAE), Rgb.of(0xE9B78F), Rgb.of(0xC98E66), Rgb.of(0x8E5B3F));
    }

    static String draw(Stage stage, Wording words) {
        Dice dice = stage.dice();
        boolean woman = dice.chance(0.55);
        String hairWord = dice.pick("black", "brown", "blond", "red", "grey");
        Rgb hair =
                switch (hairWord) {
                    case "black" -> Rgb.of(0x241F22);
                    case "brown" -> Rgb.of(0x5E3A24);
                    case "blond" -> Rgb.of(0xE3BD62);
                    case "red" -> Rgb.of(0xB5482A);
                    default -> Rgb.of(0xB4B2B0);
                };
        Hue wall =
                dice.pick(
                        Hue.BLUE, Hue.GREEN, Hue.GREY, Hue.BROWN, Hue.PURPLE, Hue.YELLOW, Hue.PINK);
        Hue dress =
                dice.pick(
                        Hue.RED, Hue.BLUE, Hue.GREEN, Hue.WHITE, Hue.BLACK, Hue.YELLOW, Hue.PURPLE);
        boolean hat = dice.chance(0.35);
        Hue felt = dice.pick(Hue.RED, Hue.BLACK, Hue.BLUE, Hue.YELLOW, Hue.GREEN);
        PortraitScene sitter = new PortraitScene(stage, woman, hair);
        sitter.background(wall.shade(dice));
        sitter.body(dress.shade(dice));
        sitter.head();
        if (hat) {
            sitter.hat(felt.rgb());
        }
        stage.focus(sitter.x, 0.4);
        words.fact("sitter", woman ? "woman" : "man")
                .fact("hair", hairWord)
                .fact("colour", dress.word())
                .fact("background", wall.word())
                .fact("hat", hat ? felt.word() : "none")
                .fact("count", "1");
        String clothes =
                Wording.article(
                        dress.word()
                                + (woman
                                        ? dice.pick(" dress", " blouse")
                                        : dice.pick(" coat", " jacket")));
        String subject =
                dice.pick("a portrait of ", "the portrait of ", "")
                        + (woman ? "a woman" : "a man")
                        + " with "
                        + hairWord
                        + " hair";
        String wears =
                hat
                        ? " wearing " + Wording.article(felt.word() + " hat") + " and " + clothes
                        : " in " + clothes;
        return subject
                + wears
                + dice.pick(
                        "",
                        ", " + wall.word() + " background",
                        " in front of " + Wording.article(wall.word() + " wall"));
    }

    private void background(Rgb wall) {
        Rgb tone = wall.mix(Rgb.of(0xA89A88), 0.35);
        stage.horizon(0.8);
        stage.add(
                Shape.of(Shapes.rect(-0.1, -0.1, 1.1, 1.1), Matter.SKY, tone)
                        .with(
                                Fill.out(
                                        tone.lighter(0.2),
                                        tone.lighter(-0.28),
                                        0.35,
                                        0.35,
                                        0.85,
                                        0.85))
                        .at(0.9));
    }

    private void body(Rgb dress) {
        if (woman) {
            stage.formed(
                    Shapes.smooth(
                            x, 0.13, x + 0.2, 0.22, x + 0.24, 0.45, x + 0.25, 0.72, x + 0.12, 0.78,
                            x - 0.12, 0.78, x - 0.25, 0.72, x - 0.24, 0.45, x - 0.2, 0.22),
                    Matter.HAIR,
                    hair,
                    Form.BALL,
                    0.2);
        }
        stage.formed(
                Shapes.smooth(
                        x - 0.085, 0.52, x + 0.085, 0.52, x + 0.1, 0.76, x, 0.82, x - 0.1, 0.76),
                Matter.SKIN,
                skin.lighter(-0.14),
                Form.COLUMN,
                0.1);
        double neck = woman ? 0.8 : 0.74;
        stage.formed(
                Shapes.smooth(
                        x - 0.5, 1.12, x - 0.38, 0.86, x - 0.27, 0.77, x - 0.11, 0.71, x, neck,
                        x + 0.11, 0.71, x + 0.27, 0.77, x + 0.38, 0.86, x + 0.5, 1.12),
                Matter.CLOTH,
                dress,
                Form.BALL,
                0.1);
        if (woman) {
            stage.mark(Shapes.dots(0.012, 0.012, beads()), Rgb.of(0xF7F0E0), 0.05);
        } else {
            Rgb shirt = dress.luma() > 0.75 ? Rgb.of(0x7E8FA8) : Rgb.of(0xF4EFE4);
            stage.flat(
                    Shapes.polygon(
                            x - 0.1, 0.715, x, 0.84, x + 0.1, 0.715, x + 0.13, 0.76, x + 0.03, 0.9,
                            x, 0.86, x - 0.03, 0.9, x - 0.13, 0.76),
                    Matter.CLOTH,
                    shirt,
                    0.1);
        }
        stage.mark(
                Contour.union(
                        List.of(
                                Line.curve(
                                        0.008, 0.014, x - 0.24, 0.9, x - 0.21, 0.97, x - 0.22,
                                        1.05),
                                Line.curve(
                                        0.008, 0.014, x + 0.24, 0.9, x + 0.21, 0.97, x + 0.22,
                                        1.05))),
                dress.lighter(-0.3),
                0.05);
    }

    private double[] beads() {
        int count = 9;
        double[] out = new double[3 * count];
        for (int i = 0; i < count; i++) {
            double t = (double) i / (count - 1) * 2 - 1;
            out[3 * i] = x + 0.1 * t;
            out[3 * i + 1] = 0.765 - 0.055 * t * t;
            out[3 * i + 2] = 1;
        }
        return out;
    }

    private void head() {
        stage.formed(
                Contour.union(
                        List.of(
                                Shapes.ellipse(x - 0.176, 0.41, 0.027, 0.045),
                                Shapes.ellipse(x + 0.176, 0.41, 0.027, 0.045))),
                Matter.SKIN,
                skin.lighter(-0.1),
                Form.FLAT,
                0.08);
        stage.formed(
                Shapes.smooth(
                        x, 0.19, x + 0.13, 0.23, x + 0.175, 0.37, x + 0.15, 0.51, x + 0.07, 0.605,
                        x, 0.62, x - 0.07, 0.605, x - 0.15, 0.51, x - 0.175, 0.37, x - 0.13, 0.23),
                Matter.SKIN,
                skin,
                Form.BALL,
                0.06);
        stage.mark(
                Contour.union(
                        List.of(
                                Shapes.ellipse(x - 0.105, 0.475, 0.036, 0.026),
                                Shapes.ellipse(x + 0.105, 0.475, 0.036, 0.026))),
                skin.mix(Rgb.of(0xE0705E), 0.35),
                0.05);
        eyes();
        stage.mark(
                Line.curve(
                        0.012, 0.016, x + 0.012, 0.4, x + 0.028, 0.47, x + 0.006, 0.485, x - 0.015,
                        0.482),
                skin.lighter(-0.3),
                0.05);
        Rgb lips = woman ? Rgb.of(0xB8323A) : skin.mix(Rgb.of(0x8E3A35), 0.55);
        stage.mark(
                Shapes.smooth(
                        x - 0.055, 0.542, x - 0.018, 0.53, x, 0.536, x + 0.018, 0.53, x + 0.055,
                        0.542, x, 0.564),
                lips,
                0.05);
        if (woman) {
            stage.formed(
                    Shapes.smooth(
                            x - 0.19, 0.46, x - 0.2, 0.28, x - 0.1, 0.15, x + 0.05, 0.14, x + 0.18,
                            0.24, x + 0.195, 0.46, x + 0.155, 0.36, x + 0.06, 0.26, x - 0.05, 0.25,
                            x - 0.14, 0.34),
                    Matter.HAIR,
                    hair,
                    Form.SLOPE,
                    0.04);
        } else {
            stage.formed(
                    Shapes.smooth(
                            x - 0.185, 0.4, x - 0.195, 0.27, x - 0.12, 0.16, x + 0.03, 0.13,
                            x + 0.16, 0.18, x + 0.195, 0.29, x + 0.183, 0.4, x + 0.155, 0.3,
                            x + 0.08, 0.25, x - 0.07, 0.26, x - 0.15, 0.31),
                    Matter.HAIR,
                    hair,
                    Form.SLOPE,
                    0.04);
            if (dice.chance(0.35)) {
                stage.flat(
                        Shapes.smooth(
                                x - 0.155, 0.47, x - 0.1, 0.535, x - 0.06, 0.52, x, 0.515, x + 0.06,
                                0.52, x + 0.1, 0.535, x + 0.155, 0.47, x + 0.12, 0.6, x, 0.66,
                                x - 0.12, 0.6),
                        Matter.HAIR,
                        hair,
                        0.04);
                stage.mark(Shapes.ellipse(x, 0.553, 0.042, 0.011), lips, 0.04);
            }
        }
    }

    private void eyes() {
        Rgb iris = dice.pick(Rgb.of(0x4A7FA8), Rgb.of(0x5A7A45), Rgb.of(0x5B3A22));
        for (int side = -1; side <= 1; side += 2) {
            double ex = x + side * 0.075;
            stage.mark(
                    Shapes.smooth(ex - 0.042, 0.402, ex, 0.378, ex + 0.042, 0.402, ex, 0.418),
                    Rgb.of(0xFBF7F0),
                    0.05);
            stage.mark(Shapes.ellipse(ex, 0.398, 0.02, 0.021), iris, 0.05);
            stage.mark(Shapes.ellipse(ex, 0.398, 0.01, 0.011), INK, 0.05);
            stage.mark(
                    Line.curve(0.011, 0.009, ex - 0.045, 0.402, ex, 0.376, ex + 0.045, 0.4),
                    INK,
                    0.05);
            stage.mark(
                    Line.curve(
                            0.012,
                            0.018,
                            ex + side * 0.05,
                            0.345,
                            ex,
                            0.33,
                            ex - side * 0.042,
                            0.342),
                    hair.lighter(-0.25),
                    0.05);
        }
    }

    private void hat(Rgb felt) {
        stage.formed(
                Shapes.smooth(
                        x - 0.17, 0.22, x - 0.15, 0.09, x, 0.04, x + 0.15, 0.09, x + 0.17, 0.22),
                Matter.CLOTH,
                felt,
                Form.BALL,
                0.02);
        stage.formed(
                Shapes.ellipse(x, 0.225, 0.3, 0.052),
                Matter.CLOTH,
                felt.lighter(-0.08),
                Form.SLOPE,
                0.02);
        stage.mark(
                Line.curve(0.035, 0.035, x - 0.165, 0.185, x, 0.2, x + 0.165, 0.185),
                felt.luma() > 0.4 ? INK : Rgb.of(0xE9D9B0),
                0.02);
    }
}
