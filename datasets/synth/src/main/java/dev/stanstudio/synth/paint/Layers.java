package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Raster;
import dev.stanstudio.synth.scene.Matter;
import dev.stanstudio.synth.scene.Shape;
import java.util.List;

/**
 * A rendered scene with what each pixel shows.
 *
 * @param colour the picture
 * @param owners {@code [size · size]}: index into {@code shapes} of what covers the pixel
 */
record Layers(Raster colour, Owners owners, List<Shape> shapes) {

    /** Wraps the index array, which stays writable while rendering. */
    static final class Owners {
        final int[] index;

        Owners(int pixels) {
            index = new int[pixels];
        }
    }

    int size() {
        return colour.size();
    }

    Shape shape(int pixel) {
        return shapes.get(owners.index[pixel]);
    }

    Matter matter(int pixel) {
        return shape(pixel).matter();
    }
}
