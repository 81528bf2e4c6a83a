package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.draw.Warp;
import dev.stanstudio.synth.scene.Fill;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;
import java.util.ArrayList;
import java.util.List;

/** Cool, smooth modelling with clean contours, set between marble columns under an entablature. */
final class Neoclassicism implements Painter {
    private static final Rgb MARBLE = Rgb.of(0xE9E4D8);
    private static final Rgb SHADE = Rgb.of(0x8F8C8C);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Look look =
                new Look() {
                    @Override
                    public double line(Shape shape) {
                        return shape.distance() < 0.5 ? 0.0022 : 0;
                    }

                    @Override
                    public Rgb lineColour(Shape shape) {
                        return shape.middle().times(0.35);
                    }
                };
        Raster out =
                Effects.map(
                        Renderer.render(inset(scene), size, look).colour(),
                        c -> c.saturate(0.62).mix(Rgb.of(0xB9B7A8), 0.16));
        out = out.blurred(size / 300.0);
        Pen pen = new Pen(out);
        pen.fill(Shapes.rect(0, 0.91, 1, 1), MARBLE, 1);
        pen.fill(Shapes.rect(0, 0.91, 1, 0.918), Rgb.of(0xFBF8F0), 1);
        pen.fill(Shapes.rect(0, 0.955, 1, 0.962), SHADE, 0.8);
        column(pen, 0.075);
        column(pen, 0.925);
        entablature(pen);
        return out;
    }

    /** The scene a little smaller, so that the architecture hides nothing of it. */
    private static Scene inset(Scene scene) {
        Warp smaller = Warp.placed(0.075, 0.095, 0.85, 0.85, 0);
        List<Shape> shapes = new ArrayList<>();
        for (Shape shape : scene.shapes()) {
            Fill f = shape.fill();
            Fill moved =
                    new Fill(
                            f.a(),
                            f.b(),
                            f.opacityA(),
                            f.opacityB(),
                            f.radial(),
                            0.075 + 0.85 * f.x0(),
                            0.095 + 0.85 * f.y0(),
                            f.radial() ? 0.85 * f.x1() : 0.075 + 0.85 * f.x1(),
                            f.radial() ? 0.85 * f.y1() : 0.095 + 0.85 * f.y1());
            shapes.add(shape.warped(smaller).with(moved));
        }
        return new Scene(
                shapes,
                scene.mood(),
                scene.focusX(),
                scene.focusY(),
                scene.horizon(),
                scene.lightX());
    }

    private static void column(Pen pen, double x) {
        double half = 0.05;
        int flutes = 7;
        for (int i = 0; i < flutes; i++) {
            double from = x - half + 2 * half * i / flutes;
            double to = x - half + 2 * half * (i + 1) / flutes;
            double round = 1 - 0.14 * Math.abs(i - 2.2);
            pen.fill(Shapes.rect(from, 0.13, to, 0.9), MARBLE.times(round), 1);
            pen.fill(Shapes.rect(to - 0.004, 0.15, to, 0.88), SHADE.times(round), 0.75);
        }
        pen.fill(Shapes.rect(x - half - 0.012, 0.875, x + half + 0.012, 0.915), MARBLE, 1);
        pen.fill(Shapes.rect(x - half - 0.012, 0.912, x + half + 0.012, 0.918), SHADE, 1);
        pen.fill(
                Shapes.rect(x - half - 0.014, 0.11, x + half + 0.014, 0.145),
                MARBLE.lighter(0.3),
                1);
        pen.fill(Shapes.rect(x - half - 0.014, 0.142, x + half + 0.014, 0.148), SHADE, 1);
    }

    private static void entablature(Pen pen) {
        pen.fill(Shapes.rect(0, 0, 1, 0.115), MARBLE, 1);
        pen.fill(Shapes.rect(0, 0.03, 1, 0.036), SHADE, 0.8);
        pen.fill(Shapes.rect(0, 0.11, 1, 0.118), SHADE, 1);
        for (int i = 0; i < 9; i++) {
            double x = 0.055 + 0.111 * i;
            List<Contour> bars = new ArrayList<>();
            for (int k = -1; k <= 1; k++) {
                bars.add(Shapes.rect(x + 0.014 * k - 0.0045, 0.045, x + 0.014 * k + 0.0045, 0.1));
            }
            pen.fill(Contour.union(bars), SHADE, 0.85);
        }
    }
}
