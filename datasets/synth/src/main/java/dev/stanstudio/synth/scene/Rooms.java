package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** Walls, floors and windows of indoor scenes. */
final class Rooms {
    private static final Rgb FRAME = Rgb.of(0xF3EDE0);

    private Rooms() {}

    /** A wall and a boarded floor that starts at height {@code floor}. */
    static void room(Stage stage, Rgb wall, double floor) {
        stage.add(
                Shape.of(Shapes.rect(-0.1, -0.1, 1.1, floor + 0.02), Matter.SKY, wall)
                        .with(Fill.down(wall.lighter(0.12), wall.lighter(-0.12), 0, floor))
                        .at(0.9));
        Rgb boards = Rgb.of(0xA9754A);
        stage.add(
                Shape.of(Shapes.rect(-0.1, floor, 1.1, 1.1), Matter.GROUND, boards)
                        .with(Fill.down(boards.lighter(-0.12), boards.lighter(0.1), floor, 1))
                        .at(0.5));
        List<Contour> gaps = new ArrayList<>();
        for (int i = -4; i <= 4; i++) {
            gaps.add(Line.of(0.004, 0.009, 0.5 + i * 0.13, floor, 0.5 + i * 0.22, 1.02));
        }
        stage.mark(Contour.union(gaps), boards.lighter(-0.3), 0.5);
        stage.flat(
                Shapes.rect(-0.1, floor - 0.025, 1.1, floor),
                Matter.WOOD,
                FRAME.lighter(-0.1),
                0.6);
    }

    /** A window with what is seen through it: sky by the hour, a hill, perhaps the moon. */
    static void window(Stage stage, double x, double y, double halfWidth, double halfHeight) {
        Mood mood = new Mood(stage.mood().time(), Weather.CLEAR, stage.mood().season(), true);
        double top = y - halfHeight;
        double bottom = y + halfHeight;
        stage.flat(
                Shapes.rect(x - halfWidth - 0.02, top - 0.02, x + halfWidth + 0.02, bottom + 0.02),
                Matter.WOOD,
                FRAME,
                0.6);
        stage.raw(
                Shape.of(
                                Shapes.rect(x - halfWidth, top, x + halfWidth, bottom),
                                Matter.SKY,
                                mood.zenith())
                        .with(Fill.down(mood.zenith(), mood.horizon(), top, bottom))
                        .at(1));
        if (mood.dark()) {
            stage.shining(
                    Shapes.ellipse(x - halfWidth * 0.4, y - halfHeight * 0.45, 0.03, 0.03),
                    Rgb.of(0xFFF3C4),
                    1);
        }
        Rgb grass = mood.lit(mood.season().grass(), 0.4);
        stage.raw(
                Shape.of(
                                Shapes.polygon(
                                        x - halfWidth,
                                        y + halfHeight * 0.45,
                                        x,
                                        y + halfHeight * 0.3,
                                        x + halfWidth,
                                        y + halfHeight * 0.55,
                                        x + halfWidth,
                                        bottom,
                                        x - halfWidth,
                                        bottom),
                                Matter.FAR,
                                grass)
                        .at(0.8));
        stage.flat(
                Contour.union(
                        List.of(
                                Shapes.rect(x - 0.008, top, x + 0.008, bottom),
                                Shapes.rect(x - halfWidth, y - 0.008, x + halfWidth, y + 0.008))),
                Matter.WOOD,
                FRAME,
                0.6);
        stage.flat(
                Shapes.rect(
                        x - halfWidth - 0.035,
                        bottom + 0.015,
                        x + halfWidth + 0.035,
                        bottom + 0.04),
                Matter.WOOD,
                FRAME.lighter(-0.12),
                0.55);
    }
}
