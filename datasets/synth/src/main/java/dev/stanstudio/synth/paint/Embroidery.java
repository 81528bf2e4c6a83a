package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;

/**
 * Threads on linen: every shape is filled with stitches of its own direction, stem stitch around.
 */
final class Embroidery implements Painter {
    private static final Rgb LINEN = Rgb.of(0xE6DAC2);
    private static final Rgb OUTLINE = Rgb.of(0x3A2A2E);
    private static final double THREADS = 44;
    private static final double STITCH = 9;

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        float[] line = Regions.thick(Effects.contours(layers), size, 0.011);
        Raster model = layers.colour().blurred(size / 70.0);
        int turn = dice.below(64);
        Raster out = new Raster(size);
        for (int i = 0; i < out.pixels(); i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            Rgb linen = LINEN.times(0.86 + 0.14 * weave(x, y));
            int owner = layers.owners().index[i];
            boolean bare = layers.matter(i) == Matter.SKY;
            Rgb thread = thread(model.get(i), owner + turn, x, y);
            out.set(i, linen.mix(thread, bare ? 0.35 : 0.97));
            double twist = 0.6 + 0.4 * StrictMath.sin((x - y) * 260);
            out.lay(i, OUTLINE.lighter(0.25 * twist), 0.9f * line[i]);
        }
        return out;
    }

    private static double weave(double x, double y) {
        double u = x * 64 - Math.floor(x * 64);
        double v = y * 64 - Math.floor(y * 64);
        return Math.max(u > 0.25 ? 1 : 0, v > 0.25 ? 1 : 0) * 0.7 + 0.3 * u * v;
    }

    /** The colour of a thread at (x, y): bright along its middle, dark where two threads meet. */
    private static Rgb thread(Rgb seen, int owner, double x, double y) {
        double angle = 3.14159 * Noise.hash(owner, 2, 5);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double across = (x * cos + y * sin) * THREADS;
        int number = (int) Math.floor(across);
        double along = (y * cos - x * sin) * STITCH + 0.5 * (number % 2);
        double round = 1 - 2 * Math.abs(across - number - 0.5);
        double end = 1 - 2 * Math.abs(along - Math.floor(along) - 0.5);
        double light = 0.45 * round + 0.25 * Math.min(1, 3 * end) - 0.35;
        double shade = 0.14 * (Noise.hash(number, (int) Math.floor(along), owner) - 0.5);
        return seen.saturate(1.35).clipped().lighter(Math.max(-0.5, Math.min(0.4, light + shade)));
    }
}
