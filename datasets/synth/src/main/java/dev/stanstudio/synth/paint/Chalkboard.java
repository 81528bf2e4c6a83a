package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/** Coloured chalk on a wiped slate: crumbling outlines, loose scribbles inside, a wooden frame. */
final class Chalkboard implements Painter {
    private static final Rgb SLATE = Rgb.of(0x26332E);
    private static final Rgb CHALK = Rgb.of(0xF4F1E6);
    private static final Rgb FRAME = Rgb.of(0x8A5A33);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        float[] line = Regions.thick(Effects.contours(layers), size, 0.013);
        double wipe = dice.between(-0.5, 0.5);
        Raster out = new Raster(size);
        for (int i = 0; i < out.pixels(); i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            double dust = Noise.fractal((x + wipe * y) * 3, y * 11, 3, 21);
            out.set(i, SLATE.lighter(0.16 * dust));
            double crumbs = Noise.at(x * 120, y * 120, 13);
            Rgb chalk = layers.shape(i).middle().saturate(1.5).mix(CHALK, 0.3).clipped();
            out.lay(i, chalk, (float) (scribble(layers.shape(i), x, y) * crumbs));
            out.lay(i, CHALK, (float) (line[i] * Math.min(1, 0.35 + crumbs)));
        }
        new Pen(out).fill(Shapes.rect(0.012, 0.012, 0.988, 0.988).outline(0.035), FRAME, 1);
        return out;
    }

    /** Opacity of the scribble that fills a shape; the sky and far land stay slate. */
    private static double scribble(Shape shape, double x, double y) {
        if (shape.matter() == Matter.SKY || shape.matter() == Matter.FAR) {
            return 0.12;
        }
        double t = (x * 0.9 + y + 0.03 * StrictMath.sin(y * 30)) * 22;
        double wave = Math.abs(t - Math.floor(t) - 0.5) * 2;
        return wave > 0.45 ? 0.85 : 0.25;
    }
}
