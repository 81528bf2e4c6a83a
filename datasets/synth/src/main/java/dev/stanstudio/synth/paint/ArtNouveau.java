package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.draw.Warp;
import dev.stanstudio.synth.scene.Fill;
import dev.stanstudio.synth.scene.Form;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;
import java.util.List;

/** A poster: sinuous brown contours, muted flat tints, a haloed arch and whiplash ornament. */
final class ArtNouveau implements Painter {
    private static final Rgb LINE = Rgb.of(0x3B2618);
    private static final Rgb GOLD = Rgb.of(0xCFA44C);
    private static final Rgb CREAM = Rgb.of(0xF3E6C6);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Look look =
                new Look() {
                    @Override
                    public boolean shows(Shape shape) {
                        return shape.opaque() || shape.matter() == Matter.WEATHER;
                    }

                    @Override
                    public Shape alter(Shape shape, Scene s) {
                        if (shape.matter() == Matter.WEATHER) {
                            return shape.recoloured(ArtNouveau::muted);
                        }
                        return shape.with(Fill.of(muted(shape.middle()))).with(Form.FLAT);
                    }

                    @Override
                    public double line(Shape shape) {
                        return shape.distance() > 0.7
                                ? 0.0045
                                : shape.distance() < 0.16 ? 0.0095 : 0.007;
                    }

                    @Override
                    public Rgb lineColour(Shape shape) {
                        return LINE;
                    }

                    @Override
                    public Rgb texture(Rgb colour, Shape shape, double x, double y) {
                        return shape.matter() == Matter.SKY ? halo(colour, scene, x, y) : colour;
                    }
                };
        Raster out = Renderer.render(scene, size, look).colour();
        Effects.tooth(out, 0.04, 70, 2);
        Rgb panel = dice.pick(Rgb.of(0x6E7D54), Rgb.of(0x8C4E3C), Rgb.of(0x3F6A6A));
        frame(new Pen(out), panel);
        return out;
    }

    private static Rgb muted(Rgb c) {
        Rgb lifted =
                c.luma() < 0.42 ? c.times(1 + 1.1 * (0.42 - c.luma()) / 0.42).lighter(0.05) : c;
        return lifted.saturate(0.95).mix(Rgb.of(0xC2A878), 0.24).lighter(0.05);
    }

    /** Rings of gold and cream behind the main thing, with spokes between them. */
    private static Rgb halo(Rgb colour, Scene scene, double x, double y) {
        double dx = x - scene.focusX();
        double dy = y - Math.min(0.42, scene.focusY());
        double r = Math.sqrt(dx * dx + dy * dy);
        if (r > 0.37) {
            return colour;
        }
        if (r > 0.355 || (r > 0.29 && r < 0.305)) {
            return LINE.mix(GOLD, 0.35);
        }
        if (r >= 0.305) {
            double angle = StrictMath.atan2(dy, dx) * 18 / StrictMath.PI;
            double u = angle - Math.floor(angle) - 0.5;
            double v = (r - 0.33) / 0.05;
            return u * u + v * v * 0.3 < 0.09 ? CREAM : GOLD;
        }
        return CREAM.mix(colour, 0.35);
    }

    private static void frame(Pen pen, Rgb panel) {
        double w = 0.04;
        pen.fill(
                Contour.union(
                        List.of(
                                Shapes.rect(0, 0, w, 1),
                                Shapes.rect(1 - w, 0, 1, 1),
                                Shapes.rect(0, 0, 1, w * 0.8),
                                Shapes.rect(0, 1 - w, 1, 1))),
                panel,
                1);
        for (int side = 0; side < 2; side++) {
            Warp place = Warp.placed(side, 0, side == 0 ? 1 : -1, 1, 0);
            Contour spandrel =
                    Shapes.smooth(
                                    0, 0, 0.2, 0, 0.5, 0, 0.51, 0.028, 0.36, 0.06, 0.22, 0.11, 0.12,
                                    0.2, 0.06, 0.34, 0.03, 0.46, 0, 0.44, 0, 0.2)
                            .warped(place);
            pen.fill(spandrel.outline(0.014), LINE, 1);
            pen.fill(spandrel, panel, 1);
            Contour whips =
                    Contour.union(
                                    List.of(
                                            Line.curve(
                                                    0.016, 0.006, 0.03, 0.4, 0.05, 0.24, 0.12, 0.13,
                                                    0.2, 0.08, 0.19, 0.04, 0.14, 0.05, 0.15, 0.085),
                                            Line.curve(
                                                    0.013, 0.005, 0.06, 0.22, 0.05, 0.12, 0.08,
                                                    0.06, 0.12, 0.05),
                                            Line.curve(
                                                    0.013, 0.005, 0.2, 0.08, 0.3, 0.055, 0.36, 0.03,
                                                    0.42, 0.025),
                                            Line.curve(
                                                    0.016, 0.008, 0.02, 1, 0.024, 0.8, 0.014, 0.6,
                                                    0.024, 0.44)))
                            .warped(place);
            pen.fill(whips, GOLD.lighter(0.25), 1);
            pen.fill(Shapes.ellipse(0.09, 0.09, 0.026, 0.026).warped(place), CREAM, 1);
            pen.fill(Shapes.star(0.09, 0.09, 0.04, 0.014, 5).warped(place), Rgb.of(0xE8B8A4), 1);
        }
        pen.fill(Shapes.rect(w, w * 0.8, 1 - w, 1 - w).outline(0.01), LINE, 1);
        pen.fill(Shapes.rect(0.005, 0.005, 0.995, 0.995).outline(0.012), LINE, 1);
    }
}
