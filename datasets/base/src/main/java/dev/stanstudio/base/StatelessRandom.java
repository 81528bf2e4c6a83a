package dev.stanstudio.base;

/**
 * Random numbers that follow from a seed, a picture and an epoch, so that a resumed run, another
 * order or more threads change nothing ({@link SplitMix64}).
 */
public final class StatelessRandom {
    private StatelessRandom() {}

    /** Uniform in [0, 1), the same for the same three numbers. */
    public static double unit(long seed, long picture, long epoch) {
        return SplitMix64.unit(mix(mix(mix(seed) ^ picture) + epoch));
    }

    private static long mix(long state) {
        return SplitMix64.mix(state + SplitMix64.GOLDEN_GAMMA);
    }
}
