package dev.stanstudio.synth.draw;

import dev.stanstudio.base.SplitMix64;
import java.util.List;

/** A stream of random numbers: {@link SplitMix64}. Mutable; not for several threads at once. */
public final class Dice {
    private long state;

    /** The stream that {@code seed} starts; equal seeds give equal streams. */
    public Dice(long seed) {
        this.state = seed;
    }

    /** The stream of item {@code index} under {@code seed}, unrelated to its neighbours. */
    public static Dice of(long seed, long index) {
        return new Dice(
                SplitMix64.mix(
                        SplitMix64.mix(seed + SplitMix64.GOLDEN_GAMMA)
                                ^ (index * 0xD1342543DE82EF95L)));
    }

    /** 64 random bits. */
    public long bits() {
        state += SplitMix64.GOLDEN_GAMMA;
        return SplitMix64.mix(state);
    }

    /** A stream of its own, so that what one part draws does not shift what the next draws. */
    public Dice fork() {
        return new Dice(bits());
    }

    /** Uniform in [0, 1). */
    public double unit() {
        return SplitMix64.unit(bits());
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
