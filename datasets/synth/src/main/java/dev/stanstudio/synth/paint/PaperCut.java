package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Fill;
import dev.stanstudio.synth.scene.Form;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/** Layers of cut paper: flat sheets with a white cut edge, each throwing a shadow on the next. */
final class PaperCut implements Painter {
    private static final Rgb SHADOW = Rgb.of(0x2A2233);
    private static final int REACH = 6;

    /** Flat sheets in soft colours; no weather, no small marks. */
    private static final Look SHEETS =
            new Look() {
                @Override
                public boolean shows(Shape shape) {
                    return shape.matter() != Matter.WEATHER && shape.opaque();
                }

                @Override
                public Shape alter(Shape shape, Scene scene) {
                    Rgb paper = shape.middle().saturate(0.9).mix(Rgb.of(0xF5EBDD), 0.22);
                    return shape.with(Fill.of(paper)).with(Form.FLAT);
                }
            };

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, SHEETS);
        Raster out = layers.colour();
        int[] owner = layers.owners().index;
        double step = size / 170.0;
        for (int i = 0; i < owner.length; i++) {
            int x = i % size;
            int y = Math.floorDiv(i, size);
            double grain = Noise.at(x * 90.0 / size, y * 90.0 / size, owner[i]) - 0.5;
            out.set(i, out.get(i).lighter(0.1 * grain));
            if (owner[i] > above(owner, size, x, y, 0.8 * step)) {
                out.lay(i, Rgb.grey(1), 0.55f);
            }
            out.lay(i, SHADOW, 0.5f * shadow(owner, size, x, y, step));
        }
        return out;
    }

    private static int above(int[] owner, int size, int x, int y, double step) {
        int by = (int) Math.max(1, Math.round(step));
        return owner[Math.max(0, y - by) * size + Math.max(0, x - by)];
    }

    /** Returns the share of the sheets towards the light that lie higher than this one. */
    private static float shadow(int[] owner, int size, int x, int y, double step) {
        int here = owner[y * size + x];
        int higher = 0;
        for (int k = 1; k <= REACH; k++) {
            int sx = Math.max(0, (int) (x - k * step));
            int sy = Math.max(0, (int) (y - k * step));
            if (owner[sy * size + sx] > here) {
                higher++;
            }
        }
        return (float) higher / REACH;
    }
}
