package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Warp;
import java.util.function.UnaryOperator;

/**
 * One layer of a scene. Immutable.
 *
 * @param distance 0 right in front … 1 at the horizon
 * @param drawnLine whether a draughtsman would draw its contour
 */
public record Shape(
        Contour contour, Matter matter, Fill fill, Form form, double distance, boolean drawnLine) {

    /** An opaque flat shape in one colour. */
    public static Shape of(Contour contour, Matter matter, Rgb colour) {
        return new Shape(contour, matter, Fill.of(colour), Form.FLAT, 0.2, lineByDefault(matter));
    }

    private static boolean lineByDefault(Matter matter) {
        return switch (matter) {
            case SKY, DETAIL, WEATHER, WATER -> false;
            default -> true;
        };
    }

    /** The same with another paint. */
    public Shape with(Fill other) {
        return new Shape(contour, matter, other, form, distance, drawnLine);
    }

    /** The same with another bulge. */
    public Shape with(Form other) {
        return new Shape(contour, matter, fill, other, distance, drawnLine);
    }

    /** The same at another distance. */
    public Shape at(double other) {
        return new Shape(contour, matter, fill, form, other, drawnLine);
    }

    /** The same, its contour never drawn. */
    public Shape soft() {
        return new Shape(contour, matter, fill, form, distance, false);
    }

    /** The same with the contour bent. */
    public Shape warped(Warp warp) {
        return new Shape(contour.warped(warp), matter, fill, form, distance, drawnLine);
    }

    /** The same with another contour. */
    public Shape with(Contour other) {
        return new Shape(other, matter, fill, form, distance, drawnLine);
    }

    /** The same with both colours of the paint changed. */
    public Shape recoloured(UnaryOperator<Rgb> change) {
        return with(fill.recoloured(change));
    }

    /** The colour between the two ends of the paint. */
    public Rgb middle() {
        return fill.a().mix(fill.b(), 0.5);
    }

    /** Returns true if most of the paint covers what is behind. */
    public boolean opaque() {
        return fill.opacityA() + fill.opacityB() > 1.2;
    }
}
