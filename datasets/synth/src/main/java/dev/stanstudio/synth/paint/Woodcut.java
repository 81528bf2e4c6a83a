package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Blur;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/** A black block on cream paper: gouged lines follow the forms and widen towards the light. */
final class Woodcut implements Painter {
    private static final Rgb PAPER = Rgb.of(0xEFE4C8);
    private static final Rgb INK = Rgb.of(0x16130F);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        float[] luma = layers.colour().lumas();
        Effects.stretch(luma);
        float[] edge = Effects.contours(layers);
        Blur.gaussian(edge, size, size / 170.0);
        Raster out = new Raster(size);
        for (int i = 0; i < out.pixels(); i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            double cut = gouge(layers.shape(i), layers.owners().index[i], x, y);
            double paper = Math.max(0, Math.min(1, (cut - (1 - luma[i])) * 3.2 + 0.5));
            if (luma[i] > 0.76) {
                paper = 1;
            }
            paper *= 1 - Math.min(1, edge[i] * 1.9);
            double worn = Noise.at(x * 85, y * 85, 3) > 0.9 ? 0.35 : 0;
            out.set(i, INK.mix(PAPER, Math.max(paper, worn * (1 - paper))));
        }
        Pen pen = new Pen(out);
        pen.fill(Shapes.rect(0.012, 0.012, 0.988, 0.988).outline(0.03), INK, 1);
        return out;
    }

    /** A saw-tooth 0 … 1 across the cuts, whose course depends on what is cut. */
    private static double gouge(Shape shape, int owner, double x, double y) {
        double wobble =
                0.02 * StrictMath.sin(x * 17 + owner)
                        + 0.014 * (Noise.at(x * 14, y * 14, owner) - 0.5);
        double t =
                switch (shape.matter()) {
                    case SKY -> (y + 0.05 * StrictMath.sin(x * 5 + 1) + wobble * 0.5) * 25;
                    case WATER, GROUND -> (y + wobble * 1.3) * 31;
                    case MASONRY, OBJECT, WOOD -> (x + wobble * 0.4) * 33;
                    case FAR -> (y + 0.9 * x + wobble) * 26;
                    default -> (y * 0.8 + (owner % 2 == 0 ? x : -x) + wobble) * 31;
                };
        return Math.abs(t - Math.floor(t) - 0.5) * 2;
    }
}
