package dev.stanstudio.base;

/**
 * The mixing step of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", 2014). The same on every JDK, since it is computed here.
 */
public final class SplitMix64 {
    /** Odd constant that the generator adds between two outputs. */
    public static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private static final double UNIT = 0x1.0p-53;

    private SplitMix64() {}

    /** Spreads {@code bits}: a bijection of 64-bit numbers that changes half the bits for one. */
    public static long mix(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Returns the upper 53 bits as a number in [0, 1). */
    public static double unit(long bits) {
        return (bits >>> 11) * UNIT;
    }
}
