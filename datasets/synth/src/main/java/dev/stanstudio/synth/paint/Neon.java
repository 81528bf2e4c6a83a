package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;

/** Glowing tubes along the forms in front of a night wall, in the strongest hues there are. */
final class Neon implements Painter {
    private static final Rgb WALL = Rgb.of(0x0B0A17);
    private static final double TUBE = 0.011;

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        float[] tube = Regions.thick(Effects.contours(layers), size, TUBE);
        Raster light = new Raster(size);
        int turn = dice.below(4) * 15;
        for (int i = 0; i < tube.length; i++) {
            light.set(i, gas(layers, i, turn).times(tube[i]));
        }
        Raster near = light.blurred(size / 64.0);
        Raster far = light.blurred(size / 16.0);
        Raster out = new Raster(size);
        for (int i = 0; i < tube.length; i++) {
            int x = i % size;
            int y = Math.floorDiv(i, size);
            double rough = 0.7 + 0.6 * Noise.at(x * 40.0 / size, y * 40.0 / size, 8);
            Rgb dim = layers.colour().get(i).times(0.07);
            out.set(i, WALL.times(rough).mix(dim, 0.5));
            out.shine(i, far.get(i), 1.5);
            out.shine(i, near.get(i), 1.3);
            out.shine(i, light.get(i), 0.6);
            out.lay(i, Rgb.grey(1), (float) (0.75 * tube[i] * tube[i] * tube[i]));
        }
        return out;
    }

    /** The gas of a tube: a full hue for coloured things, ice blue or amber for grey ones. */
    private static Rgb gas(Layers layers, int i, int turn) {
        Rgb seen = layers.shape(i).middle();
        if (seen.saturation() > 0.18) {
            return Rgb.hsv(seen.hue() + turn, 0.9, 1);
        }
        return layers.owners().index[i] % 2 == 0 ? Rgb.of(0x38D6FF) : Rgb.of(0xFF3CC8);
    }
}
