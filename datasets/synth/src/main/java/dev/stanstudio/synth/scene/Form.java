package dev.stanstudio.synth.scene;

/** Curvature of a shape towards the viewer, by which light models it. */
public enum Form {
    /** No modelling. */
    FLAT,
    /** Like a ball in the shape's box. */
    BALL,
    /** Like an upright column in the shape's box. */
    COLUMN,
    /** Lighter on the side of the light, darker away from it. */
    SLOPE
}
