package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** Houses, towers and castles. */
final class Buildings {
    private static final Rgb LAMP = Rgb.of(0xFFD768);
    private static final Rgb PANE = Rgb.of(0x43566E);

    private Buildings() {}

    /** Window panes, lit from inside when it is dark. */
    static void panes(Stage stage, List<Contour> panes, double distance) {
        if (stage.mood().dark()) {
            stage.raw(Shape.of(Contour.union(panes), Matter.LIGHT, LAMP).at(distance));
        } else {
            stage.mark(Contour.union(panes), PANE, distance);
        }
    }

    /** A house with a gable roof; {@code foot} is the ground, {@code size} its width. */
    static void cottage(
            Stage stage, double x, double foot, double size, Rgb wall, Rgb roof, double distance) {
        double half = size / 2;
        double eaves = foot - size * 0.55;
        stage.formed(
                Shapes.rect(x - half, eaves, x + half, foot),
                Matter.MASONRY,
                wall,
                Form.SLOPE,
                distance);
        stage.formed(
                Shapes.polygon(
                        x - half * 1.25,
                        eaves + 0.01,
                        x - half * 0.8,
                        eaves - size * 0.42,
                        x + half * 0.8,
                        eaves - size * 0.42,
                        x + half * 1.25,
                        eaves + 0.01),
                Matter.ROOF,
                snowy(stage, roof),
                Form.SLOPE,
                distance);
        stage.flat(
                Shapes.rect(
                        x + half * 0.3, eaves - size * 0.62, x + half * 0.55, eaves - size * 0.35),
                Matter.MASONRY,
                wall.lighter(-0.25),
                distance);
        stage.mark(
                Shapes.rect(x - half * 0.15, foot - size * 0.36, x + half * 0.2, foot),
                Rgb.of(0x5A3A26),
                distance);
        panes(
                stage,
                List.of(
                        Shapes.rect(
                                x - half * 0.78,
                                eaves + size * 0.12,
                                x - half * 0.36,
                                eaves + size * 0.3),
                        Shapes.rect(
                                x + half * 0.4,
                                eaves + size * 0.12,
                                x + half * 0.8,
                                eaves + size * 0.3)),
                distance);
    }

    private static Rgb snowy(Stage stage, Rgb roof) {
        return stage.mood().season() == Season.WINTER ? roof.mix(Rgb.of(0xF4F8FC), 0.6) : roof;
    }

    /** A castle of two towers, a keep and a gate; {@code foot} is the hilltop. */
    static void castle(
            Stage stage, double x, double foot, double size, Rgb stone, Rgb roof, double distance) {
        tower(
                stage,
                x - size * 0.3,
                foot,
                size * 0.2,
                size * 0.72,
                stone.lighter(-0.06),
                roof,
                distance);
        tower(
                stage,
                x + size * 0.3,
                foot,
                size * 0.2,
                size * 0.72,
                stone.lighter(-0.06),
                roof,
                distance);
        tower(
                stage,
                x + size * 0.06,
                foot,
                size * 0.24,
                size * 1.02,
                stone.lighter(-0.12),
                roof,
                distance);
        stage.formed(
                Shapes.rect(x - size * 0.3, foot - size * 0.36, x + size * 0.3, foot),
                Matter.MASONRY,
                stone,
                Form.SLOPE,
                distance);
        stage.flat(
                merlons(x - size * 0.3, x + size * 0.3, foot - size * 0.36, size * 0.05),
                Matter.MASONRY,
                stone,
                distance);
        tower(stage, x - size * 0.42, foot, size * 0.17, size * 0.55, stone, roof, distance);
        tower(stage, x + size * 0.42, foot, size * 0.17, size * 0.55, stone, roof, distance);
        gate(stage, x, foot, size, distance);
        masonry(stage, x, foot, size, stone, distance);
    }

    private static void gate(Stage stage, double x, double foot, double size, double distance) {
        double half = size * 0.085;
        Contour arch =
                Contour.union(
                        List.of(
                                Shapes.rect(x - half, foot - size * 0.14, x + half, foot),
                                Shapes.ellipse(x, foot - size * 0.14, half, half * 1.1)));
        stage.mark(arch, Rgb.of(0x3A2A22), distance);
        panes(
                stage,
                List.of(
                        slit(x - size * 0.19, foot - size * 0.24, size),
                                slit(x + size * 0.19, foot - size * 0.24, size),
                        slit(x - size * 0.42, foot - size * 0.4, size),
                                slit(x + size * 0.42, foot - size * 0.4, size),
                        slit(x + size * 0.06, foot - size * 0.78, size),
                                slit(x + size * 0.06, foot - size * 0.56, size),
                        slit(x - size * 0.3, foot - size * 0.56, size),
                                slit(x + size * 0.31, foot - size * 0.56, size)),
                distance);
    }

    private static Contour slit(double x, double y, double size) {
        return Shapes.rect(x - size * 0.022, y - size * 0.05, x + size * 0.022, y + size * 0.04);
    }

    private static void masonry(
            Stage stage, double x, double foot, double size, Rgb stone, double distance) {
        Dice dice = stage.dice();
        List<Contour> bricks = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            double bx = x + size * dice.between(-0.27, 0.25);
            double by = foot - size * dice.between(0.03, 0.33);
            if (Math.abs(bx - x) > size * 0.12) {
                bricks.add(Shapes.rect(bx, by, bx + size * 0.04, by + size * 0.012));
            }
        }
        stage.mark(Contour.union(bricks), stone.lighter(-0.18), distance);
    }

    private static Contour merlons(double from, double to, double y, double high) {
        List<Contour> teeth = new ArrayList<>();
        int count = 7;
        double step = (to - from) / count;
        for (int i = 0; i < count; i++) {
            teeth.add(
                    Shapes.rect(
                            from + step * (i + 0.2), y - high, from + step * (i + 0.8), y + 0.004));
        }
        return Contour.union(teeth);
    }

    private static void tower(
            Stage stage,
            double x,
            double foot,
            double width,
            double tall,
            Rgb stone,
            Rgb roof,
            double distance) {
        double half = width / 2;
        double top = foot - tall;
        stage.formed(
                Shapes.rect(x - half, top, x + half, foot),
                Matter.MASONRY,
                stone,
                Form.COLUMN,
                distance);
        stage.formed(
                Shapes.rect(
                        x - half * 1.18, top - width * 0.08, x + half * 1.18, top + width * 0.16),
                Matter.MASONRY,
                stone.lighter(-0.05),
                Form.COLUMN,
                distance);
        stage.formed(
                Shapes.polygon(
                        x - half * 1.3,
                        top - width * 0.06,
                        x,
                        top - width * 1.25,
                        x + half * 1.3,
                        top - width * 0.06),
                Matter.ROOF,
                snowy(stage, roof),
                Form.COLUMN,
                distance);
        stage.mark(
                Line.of(width * 0.06, width * 0.06, x, top - width * 1.2, x, top - width * 1.65),
                Rgb.of(0x4A3A30),
                distance);
        stage.mark(
                Shapes.polygon(
                        x,
                        top - width * 1.65,
                        x + width * 0.5,
                        top - width * 1.5,
                        x,
                        top - width * 1.35),
                roof.lighter(0.15),
                distance);
    }

    /** A town house of several storeys with a pointed or stepped gable. */
    static void townHouse(
            Stage stage, double left, double right, double top, double foot, Rgb wall, Rgb roof) {
        Dice dice = stage.dice();
        double x = (left + right) / 2;
        double width = right - left;
        stage.formed(
                Shapes.polygon(
                        left - 0.006,
                        top,
                        x,
                        top - width * dice.between(0.5, 0.7),
                        right + 0.006,
                        top),
                Matter.ROOF,
                snowy(stage, roof),
                Form.SLOPE,
                0.35);
        stage.formed(Shapes.rect(left, top, right, foot), Matter.MASONRY, wall, Form.SLOPE, 0.35);
        List<Contour> panes = new ArrayList<>();
        List<Contour> frames = new ArrayList<>();
        int floors = (int) Math.max(2, Math.round((foot - top) / 0.13)) - 1;
        for (int floor = 0; floor < floors; floor++) {
            for (int k = 0; k < 2; k++) {
                double wx = left + width * (0.3 + 0.4 * k);
                double wy = top + 0.055 + (foot - top - 0.16) * floor / Math.max(1, floors - 1);
                frames.add(
                        Shapes.rect(wx - width * 0.14, wy - 0.042, wx + width * 0.14, wy + 0.042));
                panes.add(Shapes.rect(wx - width * 0.1, wy - 0.032, wx + width * 0.1, wy + 0.032));
            }
        }
        stage.mark(Contour.union(frames), Rgb.of(0xF6F0E2), 0.35);
        panes(stage, panes, 0.35);
        stage.mark(
                Shapes.rect(x - width * 0.13, foot - 0.1, x + width * 0.13, foot),
                Rgb.of(0x54382A),
                0.35);
    }
}
