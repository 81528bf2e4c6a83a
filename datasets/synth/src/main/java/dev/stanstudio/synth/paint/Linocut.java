package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Blur;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;

/** Three blocks over each other: ochre, brick red and indigo, with short gouges at their edges. */
final class Linocut implements Painter {
    private static final Rgb PAPER = Rgb.of(0xF3ECDD);
    private static final Rgb OCHRE = Rgb.of(0xE0A83C);
    private static final Rgb BRICK = Rgb.of(0xC4482F);
    private static final Rgb INDIGO = Rgb.of(0x1E2A52);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        float[] luma = layers.colour().lumas();
        Effects.stretch(luma);
        float[] line = Regions.thick(Effects.contours(layers), size, 0.012);
        Blur.gaussian(luma, size, size / 110.0);
        int shift = Math.max(1, (int) Math.round(size / 130.0));
        int slip = dice.chance(0.5) ? shift : -shift;
        Raster out = new Raster(size).fill(PAPER);
        for (int i = 0; i < out.pixels(); i++) {
            int x = i % size;
            int y = Math.floorDiv(i, size);
            print(out, i, OCHRE, 0.74 - at(luma, size, x + slip, y), x, y, 1);
            print(out, i, BRICK, 0.48 - at(luma, size, x, y + slip), x, y, 2);
            print(out, i, INDIGO, Math.max(0.29 - luma[i], line[i] - 0.5), x, y, 3);
        }
        return out;
    }

    /** Lays a block's ink where {@code cover} is positive, less where a gouge took the lino. */
    private static void print(Raster out, int i, Rgb ink, double cover, int x, int y, int block) {
        double u = (double) x / out.size();
        double v = (double) y / out.size();
        double gouge = gouge(u, v, block);
        double solid = Math.max(0, Math.min(1, (cover - 0.1 * gouge) * 18 + 0.5));
        double worn = Noise.at(u * 95, v * 95, 40 + block) > 0.86 ? 0.72 : 0.97;
        out.lay(i, ink, (float) (solid * worn));
    }

    /** Short strokes side by side, 0 … 1, each block's in another direction. */
    private static double gouge(double u, double v, int block) {
        double turn = block * 0.9;
        double across = (u * StrictMath.cos(turn) + v * StrictMath.sin(turn)) * 24;
        double along = (v * StrictMath.cos(turn) - u * StrictMath.sin(turn)) * 7;
        double wave = 1 - 2 * Math.abs(across - Math.floor(across) - 0.5);
        return wave * Noise.hash((int) Math.floor(across), (int) Math.floor(along), block);
    }

    private static float at(float[] luma, int size, int x, int y) {
        return luma[Math.max(0, Math.min(size - 1, y)) * size + Math.max(0, Math.min(size - 1, x))];
    }
}
