package dev.stanstudio.web.study.stats;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Updates the hedged capital of {@link BettingSequence} against 1/2 while single raters' scores
 * change, as a cheap test whether a sequence may be decided. Not thread-safe.
 */
public final class EvenBets {
    private static final double EVEN = 0.5;

    /** Sums that were added to and taken from are off by less. */
    private static final double SLACK = 1e-6;

    private final Map<Integer, double[]> known = new HashMap<>();
    private final double[] sums = new double[2 * BettingSequence.BETS];
    private final double enough;

    /** Bets against an error of {@code alpha}. */
    public EvenBets(double alpha) {
        enough = Math.log(2 / alpha) - SLACK;
    }

    /** Puts a rater's score in the place of the one before; none with null. */
    public void set(int rater, @Nullable RaterScore score) {
        double[] before = known.remove(rater);
        for (int i = 0; before != null && i < sums.length; i++) {
            sums[i] -= before[i];
        }
        if (score == null) {
            return;
        }
        double above = score.careful(EVEN) / EVEN;
        double below = score.mirrored().careful(EVEN) / EVEN;
        double[] logs = new double[sums.length];
        for (int b = 0; b < BettingSequence.BETS; b++) {
            double c = BettingSequence.bet(b);
            logs[2 * b] = Math.log(1 - c + c * above);
            logs[2 * b + 1] = Math.log(1 - c + c * below);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += logs[i];
        }
        known.put(rater, logs);
    }

    /** Returns whether the sequence may be decided; when it is, this is true. */
    public boolean mayBeDecided() {
        double above = 0;
        double below = 0;
        for (int b = 0; b < BettingSequence.BETS; b++) {
            above += Math.exp(sums[2 * b]) / BettingSequence.BETS;
            below += Math.exp(sums[2 * b + 1]) / BettingSequence.BETS;
        }
        return Math.log(Math.max(above, below)) >= enough;
    }
}
