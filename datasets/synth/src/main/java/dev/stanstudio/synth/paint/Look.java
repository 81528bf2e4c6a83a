package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.scene.Scene;
import dev.stanstudio.synth.scene.Shape;

/** Changes that a style makes while shapes are drawn one by one. */
interface Look {
    /** Smooth modelling, no lines, nature's colours. */
    Look PLAIN = new Look() {};

    /** The shape as this style draws it: bent, recoloured, simplified. */
    default Shape alter(Shape shape, Scene scene) {
        return shape;
    }

    /** Returns true if the shape is drawn at all. */
    default boolean shows(Shape shape) {
        return true;
    }

    /** Width of the contour line as a share of the picture; 0 for none. */
    default double line(Shape shape) {
        return 0;
    }

    /** Colour of the contour line. */
    default Rgb lineColour(Shape shape) {
        return Rgb.of(0x1A1A1E);
    }

    /** Mixes {@code colour} with shadow or light; {@code light} runs from −1 to 1. */
    default Rgb shade(Rgb colour, double light) {
        return light < 0
                ? colour.mix(colour.times(0.42), -light)
                : colour.mix(colour.lighter(0.5), light * 0.6);
    }

    /** Adds a pattern; (x, y) in picture units. */
    default Rgb texture(Rgb colour, Shape shape, double x, double y) {
        return colour;
    }
}
