package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;

/** Divided colour: dots of broken hues side by side on a light ground, denser where it is dark. */
final class Pointillism implements Painter {
    private static final Rgb GROUND = Rgb.of(0xF3EAD6);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Raster model = Renderer.render(scene, size, Look.PLAIN).colour();
        Effects.map(model, c -> c.saturate(1.45).lighter(0.06).clipped());
        Raster out = model.blurred(size / 50.0);
        Effects.map(out, c -> c.mix(GROUND, 0.55));
        coat(out, model, 34, 0.0205, dice);
        coat(out, model, 40, 0.0165, dice);
        return out;
    }

    private static void coat(Raster out, Raster model, int cells, double radius, Dice dice) {
        Brush brush = new Brush(out);
        int size = model.size();
        for (int cell = 0; cell < cells * cells; cell++) {
            double x = (cell % cells + 0.5 + dice.between(-0.4, 0.4)) / cells * size;
            double y = (Math.floorDiv(cell, cells) + 0.5 + dice.between(-0.4, 0.4)) / cells * size;
            Rgb seen = model.near(x, y);
            Rgb dab = divided(seen, dice);
            double r = radius * (1.05 - 0.3 * seen.luma()) * dice.between(0.85, 1.1);
            brush.dot(x, y, r * size, dab, 0.95);
        }
    }

    /** Most dabs stay near the hue; some are its complement or a spectral neighbour. */
    private static Rgb divided(Rgb seen, Dice dice) {
        double kind = dice.unit();
        double value = dice.between(-0.1, 0.12);
        if (kind < 0.1) {
            return Rgb.hsv(seen.hue() + 180, 0.42, Math.min(1, seen.value() * 0.9 + 0.2));
        }
        double turn = kind < 0.3 ? dice.between(-40, 40) : dice.between(-14, 14);
        double saturation = Math.min(1, seen.saturation() * 1.15 + 0.12);
        return Rgb.hsv(seen.hue() + turn, saturation, Math.min(1, seen.value() + value));
    }
}
