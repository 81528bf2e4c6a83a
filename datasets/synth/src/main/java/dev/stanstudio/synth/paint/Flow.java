package dev.stanstudio.synth.paint;

import dev.stanstudio.synth.draw.Blur;
import dev.stanstudio.synth.draw.Noise;
import dev.stanstudio.synth.scene.Matter;

/**
 * Directions for strokes: along contours where there are some (the eigenvector of the smoothed
 * structure tensor), otherwise as the matter suggests: level on water and sky, upright on walls.
 */
final class Flow {
    private static final double TENSOR_RADIUS = 1 / 55.0;
    private static final double TRUST = 0.0012;

    private final Layers layers;
    private final int size;
    private final float[] xx;
    private final float[] xy;
    private final float[] yy;
    private final Drift drift;

    /** The direction where no contour leads. */
    interface Drift {
        /** Radians at (x, y) in picture units. */
        double angle(Matter matter, double x, double y);
    }

    Flow(Layers layers, Drift drift) {
        this.layers = layers;
        this.drift = drift;
        this.size = layers.size();
        this.xx = new float[size * size];
        this.xy = new float[size * size];
        this.yy = new float[size * size];
        fillTensor(layers.colour().lumas());
    }

    private void fillTensor(float[] luma) {
        Blur.gaussian(luma, size, size / 128.0);
        float scale = size / 128f;
        for (int y = 1; y < size - 1; y++) {
            for (int x = 1; x < size - 1; x++) {
                int i = y * size + x;
                float gx = (luma[i + 1] - luma[i - 1]) * scale;
                float gy = (luma[i + size] - luma[i - size]) * scale;
                xx[i] = gx * gx;
                xy[i] = gx * gy;
                yy[i] = gy * gy;
            }
        }
        Blur.gaussian(xx, size, size * TENSOR_RADIUS);
        Blur.gaussian(xy, size, size * TENSOR_RADIUS);
        Blur.gaussian(yy, size, size * TENSOR_RADIUS);
    }

    /** Radians at pixel (x, y). */
    double angle(double x, double y) {
        int ix = (int) Math.max(0, Math.min(size - 1, x));
        int iy = (int) Math.max(0, Math.min(size - 1, y));
        int i = iy * size + ix;
        double base = drift.angle(layers.matter(i), x / size, y / size);
        double c = -(xx[i] - yy[i]);
        double s = -2 * xy[i];
        double strength = Math.sqrt(c * c + s * s);
        double cos = c + TRUST * StrictMath.cos(2 * base);
        double sin = s + TRUST * StrictMath.sin(2 * base);
        return strength > 40 * TRUST ? StrictMath.atan2(s, c) / 2 : StrictMath.atan2(sin, cos) / 2;
    }

    /** Bends a stroke as a painter's wrist does by itself. */
    static double habit(Matter matter, double x, double y) {
        double wander = (Noise.at(x * 4, y * 4, 5) - 0.5) * 2;
        return switch (matter) {
            case WATER -> wander * 0.2;
            case SKY, CLOUD, FAR -> -0.25 + wander * 0.7;
            case GROUND, CLOTH -> 0.15 + wander * 0.9;
            case MASONRY, OBJECT, WOOD -> 1.45 + wander * 0.4;
            default -> 0.9 + wander * 1.6;
        };
    }
}
