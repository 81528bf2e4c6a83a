package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;

/** Snow-capped mountains behind a lake or fir trees. */
final class MountainScene {
    private MountainScene() {}

    static String draw(Stage stage, Wording words) {
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
}
