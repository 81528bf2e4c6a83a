package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Warp;
import java.util.List;

/**
 * A picture to be painted: shapes from back to front in the unit square (y downwards).
 *
 * @param focusX where the main thing stands
 * @param focusY its height in the picture
 * @param lightX where the light comes from, −1 left … 1 right; it always comes from above
 */
public record Scene(
        List<Shape> shapes,
        Mood mood,
        double focusX,
        double focusY,
        double horizon,
        double lightX) {

    public Scene {
        shapes = List.copyOf(shapes);
    }

    /** Left and right exchanged. */
    Scene mirrored() {
        Warp mirror =
                new Warp() {
                    @Override
                    public double x(double x, double y) {
                        return 1 - x;
                    }

                    @Override
                    public double y(double x, double y) {
                        return y;
                    }
                };
        List<Shape> turned =
                shapes.stream().map(s -> s.warped(mirror).with(s.fill().mirrored())).toList();
        return new Scene(turned, mood, 1 - focusX, focusY, horizon, -lightX);
    }
}
