package dev.stanstudio.base;

/**
 * Random numbers that follow from a seed, a picture and an epoch, so that a resumed run, another
 * order or more threads change nothing. The bits are mixed by the finisher of SplitMix64 (Steele,
 * Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
 */
public final class StatelessRandom {
    private static final double UNIT = 0x1.0p-53;

    private StatelessRandom() {}

    /** Uniform in [0, 1), the same for the same three numbers. */
    public static double unit(long seed, long picture, long epoch) {
        return (mix(mix(mix(seed) ^ picture) + epoch) >>> 11) * UNIT;
    }

    private static long mix(long state) {
        long z = state + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
