package dev.stanstudio.training;

import java.util.SplittableRandom;

/** Random choices of a training step, which depend on the seed and the step's number alone. */
public final class StepRandom {
    private StepRandom() {}

    /**
     * Returns the random generator of step {@code step}. Its seed is itself drawn: a {@link
     * SplittableRandom} advances by a constant, so that seeds which differ by small multiples of it
     * would give neighbouring steps the same numbers, shifted by one.
     */
    public static SplittableRandom of(long seed, long step) {
        long start = new SplittableRandom(seed).nextLong() + step;
        return new SplittableRandom(new SplittableRandom(start).nextLong());
    }
}
