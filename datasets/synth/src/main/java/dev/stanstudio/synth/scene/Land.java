package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** Ground: hills, meadows, water and trees. */
final class Land {
    private static final Rgb TRUNK = Rgb.of(0x5E4330);

    private Land() {}

    /** A hilly layer whose ridge wanders around height {@code y}. */
    static void hills(Stage stage, double y, double height, Rgb colour, double distance) {
        Dice dice = stage.dice();
        int points = 7;
        double[] ridge = new double[2 * points];
        for (int i = 0; i < points; i++) {
            ridge[2 * i] = -0.1 + 1.2 * i / (points - 1);
            ridge[2 * i + 1] = y + height * dice.between(-1, 1);
        }
        Matter matter = distance > 0.6 ? Matter.FAR : Matter.GROUND;
        stage.add(
                Shape.of(Shapes.below(ridge), matter, colour)
                        .with(
                                Fill.down(
                                        colour.lighter(0.06),
                                        colour.lighter(-0.1),
                                        y - height,
                                        y + 0.3))
                        .at(distance));
    }

    /** Grass or snow from height {@code y} to the lower edge. */
    static void meadow(Stage stage, double y) {
        Rgb grass = stage.mood().season().grass();
        hills(stage, y, 0.012, grass, 0.3);
        tufts(stage, y + 0.05, grass);
    }

    private static void tufts(Stage stage, double y, Rgb grass) {
        Dice dice = stage.dice();
        List<Contour> blades = new ArrayList<>();
        for (int i = 0; i < 26; i++) {
            double x = dice.unit();
            double foot = dice.between(y, 1.02);
            double tall = 0.012 + 0.03 * (foot - y);
            blades.add(Line.of(0.006, 0.002, x, foot, x - tall * 0.4, foot - tall));
            blades.add(Line.of(0.006, 0.002, x + 0.006, foot, x + tall * 0.5, foot - tall * 0.9));
        }
        stage.mark(Contour.union(blades), grass.lighter(-0.22), 0.2);
    }

    /** Water from height {@code y} to {@code bottom}, with glints below the light. */
    static void water(Stage stage, double y, double bottom, double glintX) {
        Mood mood = stage.mood();
        Rgb far = mood.horizon().mix(Rgb.of(0x4E8FB8).times(mood.time().light()), 0.45);
        Rgb near = Rgb.of(0x1F5F96).times(mood.time().light()).mix(mood.zenith(), 0.35);
        stage.raw(
                Shape.of(Shapes.rect(-0.1, y, 1.1, bottom), Matter.WATER, near)
                        .with(Fill.down(far, near, y, bottom))
                        .at(0.5));
        ripples(stage, y, bottom, near.lighter(mood.dark() ? 0.18 : 0.35), 0.5, 1.4, 26);
        if (mood.weather() == Weather.CLEAR || mood.weather() == Weather.CLOUDY) {
            Rgb glint = mood.dark() ? Rgb.of(0xF3EFD2) : mood.horizon().lighter(0.45);
            ripples(
                    stage,
                    y,
                    bottom,
                    glint,
                    glintX,
                    mood.time() == TimeOfDay.NOON ? 0.3 : 0.14,
                    30);
        }
    }

    private static void ripples(
            Stage stage, double y, double bottom, Rgb colour, double x, double spread, int count) {
        Dice dice = stage.dice();
        List<Contour> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double depth = (i + dice.unit()) / count;
            double at = y + 0.008 + (bottom - y) * depth;
            double half = 0.012 + 0.035 * depth * dice.between(0.5, 1.2);
            double centre = x + spread * dice.between(-0.5, 0.5) * (0.5 + 0.5 * depth);
            double thick = 0.005 + 0.006 * depth;
            lines.add(Shapes.ellipse(centre, at, half, thick));
        }
        stage.raw(Shape.of(Contour.union(lines), Matter.DETAIL, colour).at(0.4));
    }

    /** A leafy tree, bare in winter. */
    static void tree(Stage stage, double x, double foot, double tall, double distance) {
        Dice dice = stage.dice();
        Season season = stage.mood().season();
        stage.formed(
                Line.curve(
                        tall * 0.11,
                        tall * 0.05,
                        x,
                        foot,
                        x + tall * 0.01,
                        foot - tall * 0.3,
                        x,
                        foot - tall * 0.6),
                Matter.WOOD,
                TRUNK,
                Form.COLUMN,
                distance);
        if (season == Season.WINTER) {
            branches(stage, x, foot, tall, distance);
            return;
        }
        Rgb leaves = dice.chance(0.7) ? season.leaves() : season.otherLeaves();
        crown(stage, x, foot - tall * 0.66, tall * 0.36, leaves, distance);
    }

    private static void branches(Stage stage, double x, double foot, double tall, double distance) {
        Dice dice = stage.dice();
        List<Contour> limbs = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            double from = foot - tall * (0.35 + 0.07 * i);
            double side = (i % 2 == 0 ? 1 : -1) * dice.between(0.16, 0.3) * tall * (1 - i * 0.09);
            limbs.add(
                    Line.curve(
                            tall * 0.035,
                            tall * 0.01,
                            x,
                            from,
                            x + side * 0.6,
                            from - tall * 0.1,
                            x + side,
                            from - tall * 0.26));
        }
        stage.flat(Contour.union(limbs), Matter.WOOD, TRUNK, distance);
    }

    private static void crown(
            Stage stage, double x, double y, double r, Rgb leaves, double distance) {
        Dice dice = stage.dice();
        List<Contour> puffs = new ArrayList<>();
        puffs.add(Shapes.blob(x, y, r * 0.8, r * 0.75, 0.1, dice));
        for (int i = 0; i < 6; i++) {
            double angle = StrictMath.PI * (i / 3.0) + dice.between(-0.2, 0.2);
            puffs.add(
                    Shapes.blob(
                            x + r * 0.6 * StrictMath.cos(angle),
                            y + r * 0.5 * StrictMath.sin(angle),
                            r * 0.45,
                            r * 0.42,
                            0.1,
                            dice));
        }
        stage.formed(Contour.union(puffs), Matter.FOLIAGE, leaves, Form.BALL, distance);
        List<Contour> lights = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            lights.add(
                    Shapes.ellipse(
                            x + r * dice.between(-0.65, 0.4),
                            y + r * dice.between(-0.7, 0.35),
                            r * 0.16,
                            r * 0.1));
        }
        stage.mark(Contour.union(lights), leaves.lighter(0.2), distance);
    }

    /** A conifer of three or four tiers. */
    static void fir(Stage stage, double x, double foot, double tall, double distance) {
        Season season = stage.mood().season();
        Rgb needles = Rgb.of(0x2C5E45);
        stage.flat(
                Line.of(tall * 0.07, tall * 0.06, x, foot, x, foot - tall * 0.25),
                Matter.WOOD,
                TRUNK,
                distance);
        for (int tier = 0; tier < 4; tier++) {
            double base = foot - tall * (0.12 + 0.2 * tier);
            double half = tall * (0.26 - 0.05 * tier);
            double top = base - tall * 0.34;
            stage.formed(
                    Shapes.polygon(
                            x - half,
                            base,
                            x - half * 0.35,
                            base - tall * 0.03,
                            x,
                            base,
                            x + half * 0.4,
                            base - tall * 0.03,
                            x + half,
                            base,
                            x,
                            top),
                    Matter.FOLIAGE,
                    needles.lighter(0.04 * tier),
                    Form.SLOPE,
                    distance);
            if (season == Season.WINTER) {
                stage.mark(
                        Shapes.polygon(
                                x,
                                top,
                                x - half * 0.5,
                                base - tall * 0.17,
                                x - half * 0.1,
                                base - tall * 0.2,
                                x + half * 0.2,
                                base - tall * 0.14,
                                x + half * 0.5,
                                base - tall * 0.17),
                        Rgb.of(0xF2F6FA),
                        distance);
            }
        }
    }

    /** A dark soft ellipse on the ground under a thing. */
    static void shadow(Stage stage, double x, double y, double rx, double ry) {
        Rgb dark = stage.mood().lit(Rgb.of(0x2A2A3C), 0);
        stage.raw(
                Shape.of(Shapes.ellipse(x, y, rx, ry), Matter.DETAIL, dark)
                        .with(Fill.out(dark, dark, x, y, rx, ry).opacity(0.55, 0.12))
                        .at(0.2));
    }
}
