package dev.stanstudio.synth.draw;

/** Value noise on an integer lattice: smooth, repeatable, independent of the picture's size. */
public final class Noise {
    private Noise() {}

    /** 0 … 1 for lattice point (x, y). */
    public static float hash(int x, int y, int seed) {
        int h = x * 0x27D4EB2D ^ y * 0x165667B1 ^ seed * 0x9E3779B9;
        h = (h ^ (h >>> 15)) * 0x85EBCA6B;
        h = (h ^ (h >>> 13)) * 0xC2B2AE35;
        return ((h ^ (h >>> 16)) >>> 8) * 0x1.0p-24f;
    }

    /** Smooth noise 0 … 1 with a feature size of about one unit. */
    public static float at(double x, double y, int seed) {
        int ix = (int) Math.floor(x);
        int iy = (int) Math.floor(y);
        float fx = smooth((float) (x - ix));
        float fy = smooth((float) (y - iy));
        float top = hash(ix, iy, seed) * (1 - fx) + hash(ix + 1, iy, seed) * fx;
        float bottom = hash(ix, iy + 1, seed) * (1 - fx) + hash(ix + 1, iy + 1, seed) * fx;
        return top * (1 - fy) + bottom * fy;
    }

    /** Several octaves of {@link #at}, 0 … 1, each half as large and half as strong. */
    public static float fractal(double x, double y, int octaves, int seed) {
        float sum = 0;
        float weight = 0.5f;
        float total = 0;
        for (int octave = 0; octave < octaves; octave++) {
            sum += weight * at(x, y, seed + octave * 101);
            total += weight;
            weight *= 0.5f;
            x *= 2;
            y *= 2;
        }
        return sum / total;
    }

    private static float smooth(float t) {
        return t * t * (3 - 2 * t);
    }
}
