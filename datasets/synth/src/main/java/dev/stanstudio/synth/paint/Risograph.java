package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;

/**
 * Two spot inks, pink and blue, as round dots of a screen on cream paper, not quite in register.
 */
final class Risograph implements Painter {
    private static final Rgb PAPER = Rgb.of(0xF7F1E1);
    private static final Rgb PINK = Rgb.of(0xFF4FA6);
    private static final Rgb BLUE = Rgb.of(0x0A6FC2);
    private static final double DOTS = 40;

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Raster model = Renderer.render(scene, size, Look.PLAIN).colour();
        Effects.expose(model, 0.62, 2.4);
        Effects.map(model, c -> c.saturate(1.25).clipped());
        double slipX = dice.between(0.004, 0.012) * (dice.chance(0.5) ? size : -size);
        double slipY = dice.between(0.004, 0.012) * size;
        Raster out = new Raster(size);
        for (int i = 0; i < out.pixels(); i++) {
            double x = i % size + 0.5;
            double y = Math.floorDiv(i, size) + 0.5;
            Rgb under = model.between(x, y);
            Rgb over = model.between(x + slipX, y + slipY);
            double pink = ink(1 - (0.75 * under.g() + 0.25 * under.b()), x, y, size, 0.26);
            double blue = ink(1 - (0.7 * over.r() + 0.3 * over.g()), x, y, size, 1.31);
            out.set(i, PAPER.mix(PAPER.times(PINK), pink));
            out.set(i, out.get(i).mix(out.get(i).times(BLUE.lighter(0.08)), blue));
        }
        Effects.tooth(out, 0.06, 120, 15);
        return out;
    }

    /**
     * Coverage of a screen's dots at an angle: light tones are small dots, dark ones run together.
     */
    private static double ink(double tone, double x, double y, int size, double angle) {
        double u = (x * StrictMath.cos(angle) + y * StrictMath.sin(angle)) * DOTS / size;
        double v = (y * StrictMath.cos(angle) - x * StrictMath.sin(angle)) * DOTS / size;
        double du = u - Math.floor(u) - 0.5;
        double dv = v - Math.floor(v) - 0.5;
        double radius = 0.74 * Math.sqrt(Math.max(0, Math.min(1, tone * 1.1 - 0.1)));
        double pixel = DOTS / size;
        double inside = (radius - Math.sqrt(du * du + dv * dv)) / pixel + 0.5;
        return 0.94 * Math.max(0, Math.min(1, inside));
    }
}
