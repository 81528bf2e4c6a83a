package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** The covered table before a wall that still lifes and bouquets stand on. */
final class Tables {
    private Tables() {}

    /** Paints wall and table; the far edge of the table is at height {@code edge}. */
    static void table(Stage stage, Hue wall, Hue cloth, double edge) {
        Dice dice = stage.dice();
        stage.horizon(edge);
        Rgb plaster = wall.shade(dice).mix(Rgb.of(0xD9CDB8), 0.3);
        stage.add(
                Shape.of(Shapes.rect(-0.1, -0.1, 1.1, 1.1), Matter.SKY, plaster)
                        .with(
                                Fill.out(
                                        plaster.lighter(0.18),
                                        plaster.lighter(-0.3),
                                        0.3,
                                        0.2,
                                        0.95,
                                        0.95))
                        .at(0.9));
        Rgb fabric = cloth.shade(dice);
        stage.add(
                Shape.of(
                                Shapes.below(-0.1, edge, 0.5, edge + 0.005, 1.1, edge),
                                Matter.CLOTH,
                                fabric)
                        .with(Fill.down(fabric.lighter(0.12), fabric.lighter(-0.2), edge, 1))
                        .at(0.3));
        List<Contour> folds = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            double x = 0.05 + 0.18 * i + dice.between(-0.04, 0.04);
            folds.add(
                    Line.curve(
                            0.012, 0.03, x, edge + 0.16, x + 0.01, edge + 0.24, x - 0.015, 1.03));
        }
        stage.mark(Contour.union(folds), fabric.lighter(-0.22), 0.3);
    }
}
