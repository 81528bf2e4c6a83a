package dev.stanstudio.synth.draw;

/** A map of the plane; one picture is the unit square, y downwards. */
public interface Warp {
    /** The new abscissa of (x, y). */
    double x(double x, double y);

    /** The new ordinate of (x, y). */
    double y(double x, double y);

    /** Scaled about the origin, turned by {@code angle} radians, then moved. */
    static Warp placed(double x0, double y0, double scaleX, double scaleY, double angle) {
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        return new Warp() {
            @Override
            public double x(double x, double y) {
                return x0 + x * scaleX * cos - y * scaleY * sin;
            }

            @Override
            public double y(double x, double y) {
                return y0 + x * scaleX * sin + y * scaleY * cos;
            }
        };
    }
}
