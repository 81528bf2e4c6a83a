package dev.stanstudio.scoring.metric;

import dev.stanstudio.base.SplitMix64;
import java.nio.charset.StandardCharsets;

/**
 * Weights of the bootstrap: in each replicate a unit counts Poisson(1) times, which is what drawing
 * n of n units with replacement tends to (Hanley &amp; MacGibbon 2006; Chamandy et al. 2012). A
 * weight follows from the unit's name, the replicate and the seed alone. So pictures may come in
 * any order and from anywhere, memory does not grow with them, and a unit has the same weights for
 * every method: the bootstrap is paired. Immutable and thread-safe.
 */
public final class PoissonWeights {
    /** Default number of replicates. */
    public static final int REPLICATES = 1000;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;
    private static final double TO_UNIT = 0x1.0p-53;

    /** P(X ≤ k) of Poisson(1); beyond the last the chance is below 10⁻¹³. */
    private static final double[] CUMULATIVE = cumulative(15);

    private final int replicates;
    private final long seed;

    /** Weights of {@code replicates} resamples. */
    public PoissonWeights(int replicates, long seed) {
        if (replicates < 1) {
            throw new IllegalArgumentException("there must be a replicate, not " + replicates);
        }
        this.replicates = replicates;
        this.seed = seed;
    }

    private static double[] cumulative(int terms) {
        double[] sums = new double[terms];
        double term = Math.exp(-1);
        double sum = 0;
        for (int k = 0; k < terms; k++) {
            sum += term;
            sums[k] = sum;
            term /= k + 1;
        }
        return sums;
    }

    /** Returns the number of resamples. */
    public int replicates() {
        return replicates;
    }

    /** A number that stands for a unit's name. */
    public static long unit(String name) {
        long hash = FNV_OFFSET;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
        }
        return SplitMix64.mix(hash);
    }

    /** Returns the weight of {@code unit} in each replicate. */
    public byte[] of(long unit) {
        byte[] weights = new byte[replicates];
        long state = SplitMix64.mix(unit ^ SplitMix64.mix(seed));
        for (int b = 0; b < replicates; b++) {
            state += GOLDEN;
            weights[b] = draw((SplitMix64.mix(state) >>> 11) * TO_UNIT);
        }
        return weights;
    }

    private static byte draw(double u) {
        byte k = 0;
        while (k < CUMULATIVE.length && u >= CUMULATIVE[k]) {
            k++;
        }
        return k;
    }
}
