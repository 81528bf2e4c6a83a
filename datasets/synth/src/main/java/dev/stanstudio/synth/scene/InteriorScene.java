package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.List;

/** A room with a seat, a window and a lamp or a picture. */
final class InteriorScene {
    private InteriorScene() {}

    static String draw(Stage stage, Wording words) {
        Dice dice = stage.dice();
        Hue wall = dice.pick(Hue.GREEN, Hue.BLUE, Hue.RED, Hue.YELLOW, Hue.PINK, Hue.GREY);
        stage.horizon(0.7);
        Rooms.room(stage, wall.shade(dice).mix(Rgb.grey(0.88), 0.4), 0.7);
        Rooms.window(stage, 0.3, 0.32, 0.17, 0.2);
        Rgb curtain = dice.pick(Hue.RED, Hue.BLUE, Hue.GREEN, Hue.WHITE).rgb();
        for (int side = -1; side <= 1; side += 2) {
            double cx = 0.3 + side * 0.2;
            stage.formed(
                    Shapes.smooth(
                            cx - 0.05,
                            0.06,
                            cx + 0.05,
                            0.06,
                            cx + 0.045,
                            0.3,
                            cx + 0.06,
                            0.58,
                            cx - 0.06,
                            0.58,
                            cx - 0.045,
                            0.3),
                    Matter.CLOTH,
                    curtain,
                    Form.COLUMN,
                    0.5);
        }
        Hue seat = dice.pick(Hue.RED, Hue.BLUE, Hue.GREEN, Hue.YELLOW, Hue.PURPLE, Hue.ORANGE);
        boolean armchair = dice.chance(0.5);
        if (armchair) {
            armchair(stage, 0.66, 0.9, seat.shade(dice));
        } else {
            chair(stage, 0.66, 0.9, seat.shade(dice));
        }
        boolean lamp = dice.chance(0.6);
        if (lamp) {
            lamp(stage);
        } else {
            picture(stage, seat.rgb().turned(180));
        }
        stage.focus(0.6, 0.6);
        String time =
                stage.mood().dark()
                        ? "night"
                        : stage.mood().time() == TimeOfDay.SUNSET ? "sunset" : "day";
        words.fact("colour", seat.word())
                .fact("wall", wall.word())
                .fact("seat", armchair ? "armchair" : "chair")
                .fact("lamp", lamp ? "yes" : "no")
                .fact("time", time)
                .fact("count", "1");
        String subject = Wording.article(seat.word() + (armchair ? " armchair" : " chair"));
        String room =
                dice.pick(" in a room with ", " in a room, ")
                        + Wording.article(wall.word() + " wall");
        String beside =
                lamp
                        ? dice.pick(" and a lamp", " and a standing lamp")
                        : dice.pick(" and a picture", " and a framed picture");
        String outside =
                switch (time) {
                    case "night" ->
                            dice.pick(", night outside the window", ", moonlight in the window");
                    case "sunset" -> ", sunset in the window";
                    default -> dice.pick(", daylight in the window", ", a window");
                };
        return subject + room + beside + outside;
    }

    private static void armchair(Stage stage, double x, double foot, Rgb cover) {
        Land.shadow(stage, x, foot, 0.24, 0.03);
        stage.formed(
                Shapes.smooth(
                        x - 0.14,
                        foot - 0.16,
                        x - 0.15,
                        foot - 0.4,
                        x - 0.08,
                        foot - 0.46,
                        x + 0.08,
                        foot - 0.46,
                        x + 0.15,
                        foot - 0.4,
                        x + 0.14,
                        foot - 0.16),
                Matter.CLOTH,
                cover.lighter(-0.12),
                Form.SLOPE,
                0.15);
        stage.formed(
                Shapes.rect(x - 0.13, foot - 0.19, x + 0.13, foot - 0.03),
                Matter.CLOTH,
                cover.lighter(-0.05),
                Form.FLAT,
                0.12);
        stage.formed(
                Shapes.smooth(
                        x - 0.13,
                        foot - 0.22,
                        x + 0.13,
                        foot - 0.22,
                        x + 0.14,
                        foot - 0.14,
                        x - 0.14,
                        foot - 0.14),
                Matter.CLOTH,
                cover.lighter(0.12),
                Form.SLOPE,
                0.12);
        for (int side = -1; side <= 1; side += 2) {
            double ax = x + side * 0.165;
            stage.formed(
                    Shapes.smooth(
                            ax - 0.045,
                            foot - 0.02,
                            ax - 0.048,
                            foot - 0.24,
                            ax,
                            foot - 0.28,
                            ax + 0.048,
                            foot - 0.24,
                            ax + 0.045,
                            foot - 0.02),
                    Matter.CLOTH,
                    cover,
                    Form.COLUMN,
                    0.1);
        }
    }

    private static void chair(Stage stage, double x, double foot, Rgb paint) {
        Land.shadow(stage, x, foot, 0.19, 0.026);
        stage.flat(
                Contour.union(
                        List.of(
                                Line.of(0.026, 0.022, x - 0.11, foot - 0.5, x - 0.12, foot - 0.04),
                                Line.of(0.026, 0.022, x + 0.11, foot - 0.5, x + 0.12, foot - 0.04),
                                Line.of(0.03, 0.03, x - 0.11, foot - 0.47, x + 0.11, foot - 0.47),
                                Line.of(0.026, 0.026, x - 0.11, foot - 0.38, x + 0.11, foot - 0.38),
                                Line.of(0.026, 0.026, x - 0.11, foot - 0.3, x + 0.11, foot - 0.3))),
                Matter.WOOD,
                paint.lighter(-0.12),
                0.15);
        stage.flat(
                Contour.union(
                        List.of(
                                Line.of(0.03, 0.022, x - 0.15, foot - 0.2, x - 0.15, foot),
                                Line.of(0.03, 0.022, x + 0.15, foot - 0.2, x + 0.15, foot))),
                Matter.WOOD,
                paint,
                0.1);
        stage.formed(
                Shapes.polygon(
                        x - 0.12,
                        foot - 0.25,
                        x + 0.12,
                        foot - 0.25,
                        x + 0.17,
                        foot - 0.17,
                        x - 0.17,
                        foot - 0.17),
                Matter.WOOD,
                paint.lighter(0.12),
                Form.SLOPE,
                0.1);
    }

    private static void lamp(Stage stage) {
        stage.flat(
                Contour.union(
                        List.of(
                                Line.of(0.014, 0.014, 0.9, 0.88, 0.9, 0.36),
                                Shapes.ellipse(0.9, 0.885, 0.055, 0.014))),
                Matter.OBJECT,
                Rgb.of(0x4A3B30),
                0.2);
        stage.shining(
                Shapes.polygon(0.86, 0.26, 0.94, 0.26, 0.98, 0.4, 0.82, 0.4),
                Rgb.of(0xFFE2A0),
                0.2);
        stage.glow(0.9, 0.34, 0.24, Rgb.of(0xFFE3A0), stage.mood().dark() ? 0.65 : 0.3);
    }

    private static void picture(Stage stage, Rgb colour) {
        stage.flat(Shapes.rect(0.68, 0.14, 0.92, 0.36), Matter.WOOD, Rgb.of(0xB8893F), 0.5);
        stage.mark(Shapes.rect(0.7, 0.16, 0.9, 0.34), Rgb.of(0xE8E2CE), 0.5);
        stage.mark(
                Shapes.polygon(0.7, 0.34, 0.78, 0.22, 0.83, 0.29, 0.86, 0.25, 0.9, 0.34),
                colour,
                0.5);
    }
}
