package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Filler;
import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Fill;
import dev.stanstudio.synth.scene.Form;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;
import java.util.ArrayList;
import java.util.List;

/** Lays the shapes of a scene over each other, from back to front, as a {@link Look} wants them. */
final class Renderer {
    private static final float OWNING_SHARE = 0.5f;

    private final Scene scene;
    private final Look look;
    private final Filler filler;
    private final Raster raster;
    private final Layers.Owners owners;
    private final int size;
    private final List<Shape> shapes = new ArrayList<>();

    private Renderer(Scene scene, int size, Look look) {
        this.scene = scene;
        this.look = look;
        this.size = size;
        this.filler = new Filler(size);
        this.raster = new Raster(size);
        this.owners = new Layers.Owners(size * size);
    }

    /** The scene on {@code size} × {@code size} pixels. */
    static Layers render(Scene scene, int size, Look look) {
        Renderer renderer = new Renderer(scene, size, look);
        for (Shape shape : scene.shapes()) {
            if (look.shows(shape)) {
                renderer.lay(look.alter(shape, scene));
            }
        }
        return new Layers(renderer.raster, renderer.owners, List.copyOf(renderer.shapes));
    }

    private void lay(Shape shape) {
        int index = shapes.size();
        shapes.add(shape);
        double line = shape.drawnLine() ? look.line(shape) : 0;
        if (line > 0) {
            Rgb ink = look.lineColour(shape);
            filler.fill(
                    shape.contour().outline(2 * line),
                    (i, x, y, share) -> raster.lay(i, ink, share));
        }
        Fill fill = shape.fill();
        Contour.Box box = shape.contour().box();
        boolean opaque = shape.opaque();
        filler.fill(
                shape.contour(),
                (i, x, y, share) -> {
                    double px = (x + 0.5) / size;
                    double py = (y + 0.5) / size;
                    double t = fill.at(px, py);
                    Rgb colour = fill.a().mix(fill.b(), t);
                    if (shape.form() != Form.FLAT) {
                        colour = look.shade(colour, light(shape.form(), box, px, py));
                    }
                    colour = look.texture(colour, shape, px, py);
                    double opacity = fill.opacityA() + (fill.opacityB() - fill.opacityA()) * t;
                    raster.lay(i, colour, (float) (share * opacity));
                    if (opaque && share >= OWNING_SHARE) {
                        owners.index[i] = index;
                    }
                });
    }

    /** Returns the share of light that a bulging surface gets, −1 … 1. */
    private double light(Form form, Contour.Box box, double x, double y) {
        double u = 2 * (x - box.centreX()) / Math.max(1e-4, box.width());
        double v = 2 * (y - box.centreY()) / Math.max(1e-4, box.height());
        double lx = scene.lightX() * 0.85;
        double raw =
                switch (form) {
                    case FLAT -> 0;
                    case BALL -> {
                        double z = Math.sqrt(Math.max(0, 1 - 0.8 * (u * u + v * v)));
                        yield u * lx - 0.6 * v + 0.75 * z - 0.35;
                    }
                    case COLUMN -> u * lx * 1.3 + 0.6 * Math.sqrt(Math.max(0, 1 - u * u)) - 0.35;
                    case SLOPE -> 0.55 * (u * lx - 0.6 * v);
                };
        return Math.max(-1, Math.min(1, raw));
    }
}
