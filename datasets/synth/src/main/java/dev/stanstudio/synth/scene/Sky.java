package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** Skies with sun, moon, stars and clouds, and the weather in front of everything. */
final class Sky {
    private static final Rgb MOON = Rgb.of(0xFFF6D8);

    private Sky() {}

    /** A sky down to the stage's horizon; the sun or moon is placed by the dice. */
    static void paint(Stage stage) {
        Dice dice = stage.dice();
        paint(stage, dice.between(0.12, 0.4), dice.between(0.1, 0.26), 0.05);
    }

    /** A sky with its sun or moon at the given place; none with a radius of 0. */
    static void paint(Stage stage, double x, double y, double moonRadius) {
        Mood mood = stage.mood();
        double low = stage.horizon() + 0.02;
        stage.raw(
                Shape.of(Shapes.rect(-0.1, -0.1, 1.1, 1.1), Matter.SKY, mood.zenith())
                        .with(Fill.down(mood.zenith(), mood.horizon(), 0, low))
                        .at(1));
        boolean open = mood.weather() == Weather.CLEAR || mood.weather() == Weather.CLOUDY;
        if (mood.dark() && mood.weather() == Weather.CLEAR) {
            stars(stage, low);
        }
        if (open && moonRadius > 0) {
            disc(stage, x, y, moonRadius);
        }
        clouds(stage, low);
    }

    private static void disc(Stage stage, double x, double y, double moonRadius) {
        switch (stage.mood().time()) {
            case NIGHT -> {
                stage.glow(x, y, moonRadius * 4, Rgb.of(0xAFC3F2), 0.4);
                stage.shining(Shapes.ellipse(x, y, moonRadius, moonRadius), MOON, 1);
            }
            case NOON -> {
                stage.glow(x, y, 0.25, Rgb.of(0xFFFBE0), 0.6);
                stage.shining(Shapes.ellipse(x, y, 0.055, 0.055), Rgb.of(0xFFF3A8), 1);
            }
            case SUNSET -> {
                double low = stage.horizon() - 0.07;
                stage.glow(x + 0.1, low, 0.42, Rgb.of(0xFFC04A), 0.65);
                stage.shining(Shapes.ellipse(x + 0.1, low, 0.075, 0.075), Rgb.of(0xFF6A2C), 1);
            }
            case DAWN -> {
                double low = stage.horizon() - 0.1;
                stage.glow(x, low, 0.38, Rgb.of(0xFFF0C8), 0.7);
                stage.shining(Shapes.ellipse(x, low, 0.06, 0.06), Rgb.of(0xFFE27A), 1);
            }
        }
    }

    private static void stars(Stage stage, double low) {
        Dice dice = stage.dice();
        int count = 34;
        double[] stars = new double[3 * count];
        for (int i = 0; i < count; i++) {
            stars[3 * i] = dice.unit();
            stars[3 * i + 1] = dice.between(0.01, low * 0.85);
            stars[3 * i + 2] = dice.between(0.6, 1.5);
        }
        stage.raw(
                Shape.of(Shapes.dots(0.005, 0.005, stars), Matter.LIGHT, Rgb.of(0xF4F3E2))
                        .soft()
                        .at(1));
    }

    private static void clouds(Stage stage, double low) {
        Dice dice = stage.dice();
        Mood mood = stage.mood();
        int count =
                switch (mood.weather()) {
                    case CLEAR -> mood.dark() ? 0 : dice.below(2);
                    case CLOUDY -> 4 + dice.below(2);
                    case RAIN -> 6;
                    case SNOW -> 3;
                    case FOG -> 0;
                };
        for (int i = 0; i < count; i++) {
            double x = (i + dice.between(0.1, 0.9)) / count;
            double y = dice.between(0.06, Math.max(0.12, low * 0.55));
            cloud(stage, x, y, dice.between(0.1, 0.2) * (mood.weather() == Weather.RAIN ? 1.5 : 1));
        }
    }

    /** One cloud of several balls over a flat base. */
    private static void cloud(Stage stage, double x, double y, double reach) {
        Dice dice = stage.dice();
        List<Contour> puffs = new ArrayList<>();
        for (int i = -2; i <= 2; i++) {
            double r = reach * (0.42 - 0.1 * Math.abs(i)) * dice.between(0.85, 1.2);
            puffs.add(Shapes.ellipse(x + i * reach * 0.38, y - r * 0.4, r * 1.25, r));
        }
        puffs.add(Shapes.ellipse(x, y + reach * 0.06, reach * 1.05, reach * 0.17));
        Mood mood = stage.mood();
        Rgb top =
                mood.weather() == Weather.RAIN
                        ? mood.horizon().lighter(-0.25)
                        : Rgb.grey(1).times(mood.lit(Rgb.grey(1), 0)).mix(mood.horizon(), 0.25);
        Rgb base = top.mix(mood.zenith(), 0.35).lighter(-0.05);
        stage.raw(
                Shape.of(Contour.union(puffs), Matter.CLOUD, top)
                        .with(Fill.down(top, base, y - reach * 0.45, y + reach * 0.2))
                        .at(0.95));
    }

    /** Rain, snow or mist over what stands so far. */
    static void weather(Stage stage) {
        switch (stage.mood().weather()) {
            case RAIN -> rain(stage);
            case SNOW -> snow(stage);
            case FOG -> mist(stage);
            case CLEAR, CLOUDY -> {}
        }
    }

    private static void rain(Stage stage) {
        Dice dice = stage.dice();
        List<Contour> drops = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            double x = dice.between(-0.05, 1.05);
            double y = dice.between(-0.05, 1);
            double length = dice.between(0.04, 0.085);
            drops.add(Line.of(0.003, 0.006, x, y, x - length * 0.3, y + length));
        }
        Rgb colour = Rgb.of(0xDCE6F2).times(stage.mood().dark() ? 0.75 : 1);
        stage.raw(
                Shape.of(Contour.union(drops), Matter.WEATHER, colour)
                        .with(Fill.of(colour).opacity(0.62, 0.62))
                        .at(0));
    }

    private static void snow(Stage stage) {
        Dice dice = stage.dice();
        int count = 95;
        double[] flakes = new double[3 * count];
        for (int i = 0; i < count; i++) {
            flakes[3 * i] = dice.unit();
            flakes[3 * i + 1] = dice.unit();
            flakes[3 * i + 2] = dice.between(0.5, 1.6);
        }
        Rgb colour = Rgb.grey(stage.mood().dark() ? 0.86 : 1);
        stage.raw(
                Shape.of(Shapes.dots(0.0075, 0.0075, flakes), Matter.WEATHER, colour)
                        .with(Fill.of(colour).opacity(0.92, 0.92))
                        .at(0));
    }

    private static void mist(Stage stage) {
        Dice dice = stage.dice();
        Rgb colour = stage.mood().horizon();
        for (int i = 0; i < 4; i++) {
            double y = stage.horizon() + dice.between(-0.22, 0.25);
            double x = dice.between(0.1, 0.9);
            double rx = dice.between(0.4, 0.8);
            double ry = dice.between(0.05, 0.1);
            stage.raw(
                    Shape.of(Shapes.ellipse(x, y, rx, ry), Matter.WEATHER, colour)
                            .with(Fill.out(colour, colour, x, y, rx, ry).opacity(0.85, 0))
                            .at(0.4));
        }
    }
}
