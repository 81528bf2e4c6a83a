package dev.stanstudio.scoring.score;

import dev.stanstudio.base.ArgumentException;
import org.jspecify.annotations.Nullable;

/**
 * Holds the settings of a scoring.
 *
 * @param batch pictures that go through a network at once
 * @param references most reference pictures of a style
 * @param heldOut most held-out real pictures of a style
 * @param training most pictures that memorisation is looked for in
 * @param replicates resamples of the bootstrap
 * @param seed of the bootstrap
 * @param prefix text before every prompt, as "A photo depicts " in CLIPScore
 * @param part of the collection that references are of; null for one that no training reads
 */
public record ScoreSettings(
        int batch,
        int references,
        int heldOut,
        int training,
        int replicates,
        long seed,
        String prefix,
        @Nullable String part) {
    private static final int MOST = 100_000;

    /** Refuses numbers that cannot work. */
    public ScoreSettings {
        between("--batch", batch, 1);
        between("--references-per-style", references, 2);
        between("--held-out-per-style", heldOut, 0);
        between("--training-pictures", training, 1);
        between("--replicates", replicates, 100);
    }

    /** Creates settings with references that no training reads. */
    public ScoreSettings(
            int batch,
            int references,
            int heldOut,
            int training,
            int replicates,
            long seed,
            String prefix) {
        this(batch, references, heldOut, training, replicates, seed, prefix, null);
    }

    private static void between(String option, int value, int least) {
        if (value < least || value > MOST) {
            throw new ArgumentException(
                    "%s must be %s … %s, not %s".formatted(option, least, MOST, value));
        }
    }
}
