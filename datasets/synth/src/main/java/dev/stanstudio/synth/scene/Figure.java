package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Warp;

/**
 * Draws on a stage in a figure's own coordinates: origin at its foot, one unit its size, facing
 * right.
 */
final class Figure {
    private final Stage stage;
    private final Warp place;
    private final double distance;

    Figure(Stage stage, double x, double y, double scale, boolean facesLeft, double distance) {
        this.stage = stage;
        this.place = Warp.placed(x, y, facesLeft ? -scale : scale, scale, 0);
        this.distance = distance;
    }

    /** A modelled part with an outline of its own. */
    void part(Contour contour, Matter matter, Rgb colour, Form form) {
        stage.formed(contour.warped(place), matter, colour, form, distance);
    }

    /** A mark without outline. */
    void mark(Contour contour, Rgb colour) {
        stage.mark(contour.warped(place), colour, distance);
    }
}
