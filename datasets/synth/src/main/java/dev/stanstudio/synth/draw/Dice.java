package dev.stanstudio.synth.draw;

import java.util.List;

/**
 * A stream of random numbers: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom
 * number generators", 2014). The same on every JDK, since the arithmetic stands here. Mutable; not
 * for several threads at once.
 */
public final class Dice {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    private long state;

    /** The stream that {@code seed} starts; equal seeds give equal streams. */
    public Dice(long seed) {
        this.state = seed;
    }

    /** The stream of item {@code index} under {@code seed}, unrelated to its neighbours. */
    public static Dice of(long seed, long index) {
        return new Dice(mix(mix(seed + GOLDEN_GAMMA) ^ (index * 0xD1342543DE82EF95L)));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** 64 random bits. */
    public long bits() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** A stream of its own, so that what one part draws does not shift what the next draws. */
    public Dice fork() {
        return new Dice(bits());
    }

    /** Uniform in [0, 1). */
    public double unit() {
        return (bits() >>> 11) * UNIT;
    }

    /** Uniform in [low, high). */
    public double between(double low, double high) {
        return low + (high - low) * unit();
    }

    /** Roughly normal with standard deviation 1: the sum of four uniform numbers. */
    public double bell() {
        return (unit() + unit() + unit() + unit() - 2) * 1.7320508;
    }

    /** Uniform in 0 … bound − 1. */
    public int below(int bound) {
        return (int) (unit() * bound);
    }

    /** True with the given probability. */
    public boolean chance(double probability) {
        return unit() < probability;
    }

    /** One of the choices, each as likely. */
    public <T> T pick(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    /** One of the choices, each as likely. */
    @SafeVarargs
    public final <T> T pick(T... choices) {
        return choices[below(choices.length)];
    }
}
