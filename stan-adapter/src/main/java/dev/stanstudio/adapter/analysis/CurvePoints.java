package dev.stanstudio.adapter.analysis;

import java.util.List;

/**
 * The points of one training in a drawing.
 *
 * @param x places along the axis
 * @param losses as measured
 * @param drawn as they are drawn, such as running means
 */
record CurvePoints(List<Double> x, List<Double> losses, List<Double> drawn) {
    /** Keeps copies of lists of equal length. */
    CurvePoints {
        x = List.copyOf(x);
        losses = List.copyOf(losses);
        drawn = List.copyOf(drawn);
        if (x.size() != losses.size() || x.size() != drawn.size()) {
            throw new IllegalArgumentException(
                    "%d places of %d losses, %d drawn"
                            .formatted(x.size(), losses.size(), drawn.size()));
        }
    }
}
