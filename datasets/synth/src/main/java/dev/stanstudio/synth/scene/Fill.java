package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Rgb;
import java.util.function.UnaryOperator;

/**
 * The paint of a shape: from {@code a} to {@code b} along a line or outwards from a centre, with an
 * opacity at either end.
 *
 * @param radial whether (x0, y0) is a centre and (x1, y1) the two radii of the outer end
 */
public record Fill(
        Rgb a,
        Rgb b,
        double opacityA,
        double opacityB,
        boolean radial,
        double x0,
        double y0,
        double x1,
        double y1) {

    /** One colour, opaque. */
    public static Fill of(Rgb colour) {
        return new Fill(colour, colour, 1, 1, false, 0, 0, 0, 1);
    }

    /** From {@code top} at height y0 to {@code bottom} at y1. */
    public static Fill down(Rgb top, Rgb bottom, double y0, double y1) {
        return new Fill(top, bottom, 1, 1, false, 0, y0, 0, y1);
    }

    /** From {@code middle} outwards to {@code rim} at the given radii. */
    public static Fill out(Rgb middle, Rgb rim, double cx, double cy, double rx, double ry) {
        return new Fill(middle, rim, 1, 1, true, cx, cy, rx, ry);
    }

    /** The same with other opacities. */
    public Fill opacity(double atA, double atB) {
        return new Fill(a, b, atA, atB, radial, x0, y0, x1, y1);
    }

    /** The same with both colours changed. */
    public Fill recoloured(UnaryOperator<Rgb> change) {
        return new Fill(
                change.apply(a), change.apply(b), opacityA, opacityB, radial, x0, y0, x1, y1);
    }

    /** Mirrored at the picture's upright middle. */
    Fill mirrored() {
        return new Fill(a, b, opacityA, opacityB, radial, 1 - x0, y0, radial ? x1 : 1 - x1, y1);
    }

    /** Returns the position of (x, y) between end a (0) and end b (1). */
    public double at(double x, double y) {
        double t;
        if (radial) {
            double dx = (x - x0) / x1;
            double dy = (y - y0) / y1;
            t = Math.sqrt(dx * dx + dy * dy);
        } else {
            double dx = x1 - x0;
            double dy = y1 - y0;
            t = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy);
        }
        return Math.max(0, Math.min(1, t));
    }
}
