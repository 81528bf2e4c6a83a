package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Blur;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.scene.Scene;

/** A technical drawing: white lines and hatching on blue paper with a grid, a frame and marks. */
final class Blueprint implements Painter {
    private static final Rgb PAPER = Rgb.of(0x123E86);
    private static final Rgb INK = Rgb.of(0xEAF2FF);
    private static final int GRID = 16;

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        float[] line = Regions.thick(Effects.contours(layers), size, 0.007);
        float[] luma = layers.colour().lumas();
        Blur.gaussian(luma, size, size / 60.0);
        Raster out = new Raster(size).fill(PAPER);
        Pen pen = new Pen(out);
        for (int k = 1; k < GRID; k++) {
            double at = (double) k / GRID;
            double opacity = k % 4 == 0 ? 0.3 : 0.13;
            pen.fill(Line.of(0.005, 0.005, at, 0, at, 1), INK, opacity);
            pen.fill(Line.of(0.005, 0.005, 0, at, 1, at), INK, opacity);
        }
        for (int i = 0; i < out.pixels(); i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            double hatch = luma[i] < 0.33 ? 0.45 * stripe((x + y) * 34) : 0;
            out.lay(i, INK, (float) Math.max(hatch, 0.95 * line[i]));
        }
        frame(pen, scene);
        Effects.tooth(out, 0.05, 40, 5);
        return out;
    }

    private static double stripe(double t) {
        return t - Math.floor(t) < 0.3 ? 1 : 0;
    }

    /** The frame, and a dimension line under what matters. */
    private static void frame(Pen pen, Scene scene) {
        pen.fill(Shapes.rect(0.03, 0.03, 0.97, 0.97).outline(0.008), INK, 0.9);
        double y = 0.93;
        double from = Math.max(0.08, scene.focusX() - 0.22);
        double to = Math.min(0.92, scene.focusX() + 0.22);
        pen.fill(Line.of(0.006, 0.006, from, y, to, y), INK, 0.9);
        pen.fill(Line.of(0.008, 0.008, from, y - 0.02, from, y + 0.02), INK, 0.9);
        pen.fill(Line.of(0.008, 0.008, to, y - 0.02, to, y + 0.02), INK, 0.9);
    }
}
