package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Line;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;
import java.util.ArrayList;
import java.util.List;

/** A vision: forms dissolve in violet and teal haze around a golden aureole. */
final class Symbolism implements Painter {
    private static final Rgb VIOLET = Rgb.of(0x2E2350);
    private static final Rgb TEAL = Rgb.of(0x2F7276);
    private static final Rgb GOLD = Rgb.of(0xF2C766);

    @Override
    public Raster paint(Scene scene, int size, Dice dice) {
        Layers layers = Renderer.render(scene, size, Look.PLAIN);
        Raster model = Effects.map(layers.colour(), Symbolism::mystic);
        Effects.expose(model, 0.36, 1.6);
        haze(model, size / 45.0);
        halo(model, scene);
        Effects.vignette(
                model, scene.focusX(), scene.focusY(), 0.25, 0.85, VIOLET.times(0.55), 0.85);
        Effects.bloom(model, 0.6, 0.04, 0.22);
        rays(new Pen(model), scene);
        Effects.tooth(model, 0.1, 130, 8);
        return model;
    }

    private static Rgb mystic(Rgb c) {
        double luma = c.luma();
        Rgb tone = luma < 0.5 ? VIOLET.mix(TEAL, luma * 2) : TEAL.mix(GOLD, (luma - 0.5) * 2);
        return c.saturate(0.8).mix(tone, 0.62);
    }

    /** Mixes in a blur that thickens where the noise has it. */
    private static void haze(Raster model, double radius) {
        Raster soft = model.blurred(radius);
        int size = model.size();
        for (int i = 0; i < model.pixels(); i++) {
            double x = (double) (i % size) / size;
            double y = (double) Math.floorDiv(i, size) / size;
            double thick = 0.25 + 0.75 * Noise.fractal(x * 3, y * 6, 3, 17);
            model.lay(i, soft.get(i).mix(Rgb.of(0x8E84B4), 0.25), (float) (thick * 0.8));
        }
    }

    private static void halo(Raster model, Scene scene) {
        int size = model.size();
        for (int i = 0; i < model.pixels(); i++) {
            double dx = (i % size + 0.5) / size - scene.focusX();
            double dy = (Math.floorDiv(i, size) + 0.5) / size - scene.focusY() + 0.06;
            double r = Math.sqrt(dx * dx + dy * dy);
            double ring =
                    Math.max(0, 1 - Math.abs(r - 0.3) / 0.014)
                            + 0.7 * Math.max(0, 1 - Math.abs(r - 0.345) / 0.009);
            model.shine(i, GOLD, 0.2 * StrictMath.exp(-r * r / 0.06) + 0.75 * Math.min(1, ring));
        }
    }

    private static void rays(Pen pen, Scene scene) {
        List<Contour> rays = new ArrayList<>();
        double x = scene.focusX();
        double y = scene.focusY() - 0.06;
        for (int i = 0; i < 24; i++) {
            double angle = 2 * StrictMath.PI * i / 24;
            double far = i % 2 == 0 ? 0.52 : 0.43;
            rays.add(
                    Line.of(
                            0.007,
                            0.002,
                            x + 0.36 * StrictMath.cos(angle),
                            y + 0.36 * StrictMath.sin(angle),
                            x + far * StrictMath.cos(angle),
                            y + far * StrictMath.sin(angle)));
        }
        pen.shine(Contour.union(rays), GOLD, 0.6);
    }
}
