package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Scene;
import java.util.HashMap;
import java.util.Map;

/** Panes of glowing glass between black leads, cut along the forms and across large ones. */
final class StainedGlass implements Painter {
    private static final Rgb LEAD = Rgb.of(0x0D0C10);
    private static final int PANES = 9;

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        Raster model = layers.colour();
        Regions panes = panes(layers, model, dice);
        float[] lead = panes.seams(0.0105);
        Raster out = new Raster(size);
        for (int i = 0; i < out.pixels(); i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            double flow = Noise.fractal(x * 9, y * 9, 2, panes.at(i)) - 0.5;
            out.set(i, glass(panes.colour(i), panes.at(i)).lighter(0.3 * flow));
        }
        Effects.bloom(out, 0.55, 0.03, 0.5);
        for (int i = 0; i < out.pixels(); i++) {
            out.lay(i, LEAD, lead[i]);
        }
        new Pen(out).fill(Shapes.rect(0.01, 0.01, 0.99, 0.99).outline(0.03), LEAD, 1);
        return out;
    }

    private static Regions panes(Layers layers, Raster model, Dice dice) {
        int size = model.size();
        int[] cells = Regions.cells(size, PANES, dice);
        Map<Long, Integer> numbers = new HashMap<>();
        int[] region = new int[cells.length];
        for (int i = 0; i < region.length; i++) {
            boolean cut = layers.shape(i).drawnLine() && layers.matter(i) != Matter.DETAIL;
            long form = cut ? layers.owners().index[i] + 1 : 0;
            long key = (form << 32) | cells[i];
            region[i] = numbers.computeIfAbsent(key, k -> numbers.size());
        }
        return Regions.of(model, region, numbers.size());
    }

    /** The nearest glass: deep in colour and bright; two panes of one colour differ a little. */
    private static Rgb glass(Rgb seen, int pane) {
        double turn = (Noise.hash(pane, 3, 17) - 0.5) * 24;
        double saturation = Math.min(1, 0.45 + seen.saturation() * 1.1);
        double value = 0.35 + 0.65 * seen.value() + (Noise.hash(pane, 5, 29) - 0.5) * 0.16;
        return Rgb.hsv(seen.hue() + turn, saturation, Math.max(0.12, Math.min(1, value)));
    }
}
