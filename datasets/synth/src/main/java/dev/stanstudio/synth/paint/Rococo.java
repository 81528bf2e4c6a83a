package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.draw.Warp;
import dev.stanstudio.synth.scene.Scene;
import java.util.List;

/** Powdery pastels in feathery curls, softly glowing, within a gilded scrollwork frame. */
final class Rococo implements Painter {
    private static final Rgb ROSE = Rgb.of(0xF7C6CF);
    private static final Rgb CREAM = Rgb.of(0xFFF5E6);
    private static final Rgb CELESTE = Rgb.of(0xBFE0EA);
    private static final Rgb GOLD = Rgb.of(0xD7AE4E);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        Raster model = Effects.map(layers.colour(), Rococo::powder);
        Raster out = model.blurred(size / 160.0);
        Flow flow =
                new Flow(
                        layers,
                        (m, x, y) -> Flow.habit(m, x, y) + 2.4 * Noise.at(x * 7, y * 7, 12));
        new Strokes(1 / 52.0, 0.05, 0.013, 0.55, 0.5, 0.14, 0)
                .paint(new Brush(out), model, flow, Strokes.wandering(10, 0.06), dice);
        Effects.bloom(out, 0.75, 0.04, 0.14);
        Effects.vignette(out, 0.5, 0.5, 0.45, 0.72, CREAM, 0.9);
        frame(new Pen(out), dice);
        return out;
    }

    private static Rgb powder(Rgb c) {
        double luma = c.luma();
        Rgb lifted = c.saturate(1.0).mix(CREAM, 0.26);
        return luma < 0.4 ? lifted.mix(CELESTE, 0.4 * (1 - luma)) : lifted.mix(ROSE, 0.22);
    }

    private static void frame(Pen pen, Dice dice) {
        for (int corner = 0; corner < 4; corner++) {
            boolean right = corner % 2 == 1;
            boolean low = corner >= 2;
            Warp place = Warp.placed(right ? 1 : 0, low ? 1 : 0, right ? -1 : 1, low ? -1 : 1, 0);
            Contour scrolls =
                    Contour.union(
                                    List.of(
                                            Line.curve(
                                                    0.026, 0.012, 0.02, 0.4, 0.045, 0.22, 0.12,
                                                    0.12, 0.2, 0.13, 0.21, 0.19, 0.16, 0.2, 0.15,
                                                    0.165),
                                            Line.curve(
                                                    0.026, 0.012, 0.4, 0.02, 0.22, 0.045, 0.12,
                                                    0.12),
                                            Line.curve(
                                                    0.018, 0.008, 0.4, 0.02, 0.47, 0.05, 0.46, 0.1,
                                                    0.41, 0.09, 0.42, 0.06),
                                            Line.curve(
                                                    0.018, 0.008, 0.02, 0.4, 0.05, 0.47, 0.1, 0.46,
                                                    0.09, 0.41, 0.06, 0.42),
                                            Line.curve(
                                                    0.022, 0.004, 0.1, 0.1, 0.06, 0.07, 0.02,
                                                    0.03)))
                            .warped(place);
            pen.fill(scrolls.warped(Warp.placed(0.006, 0.008, 1, 1, 0)), Rgb.of(0x9A7A3A), 0.35);
            pen.fill(scrolls, GOLD, 0.95);
            pen.fill(scrolls.warped(Warp.placed(-0.003, -0.003, 1, 1, 0)), Rgb.of(0xFBE9AE), 0.35);
            rose(pen, place, 0.115, 0.115, dice.between(0.042, 0.05));
        }
    }

    private static void rose(Pen pen, Warp place, double x, double y, double r) {
        pen.fill(Shapes.ellipse(x, y, r, r).warped(place), Rgb.of(0xEFA0B2), 1);
        pen.fill(
                Shapes.ellipse(x + r * 0.1, y, r * 0.68, r * 0.64).warped(place),
                Rgb.of(0xF9C9D2),
                1);
        pen.fill(
                Shapes.ellipse(x, y + r * 0.1, r * 0.36, r * 0.34).warped(place),
                Rgb.of(0xE27F98),
                1);
    }
}
