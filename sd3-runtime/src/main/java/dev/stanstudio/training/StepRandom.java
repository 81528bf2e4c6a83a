package dev.stanstudio.training;

import java.util.SplittableRandom;

/** Random choices of a training step, which follow from the seed and the step's number alone. */
public final class StepRandom {
    private StepRandom() {}

    /**
     * The dice of step {@code step}. Its start is itself drawn: a {@link SplittableRandom} walks in
     * steps of one constant, so that starts apart by small multiples of it would give neighbouring
     * steps the same numbers, one further on.
     */
    public static SplittableRandom of(long seed, long step) {
        long start = new SplittableRandom(seed).nextLong() + step;
        return new SplittableRandom(new SplittableRandom(start).nextLong());
    }
}
