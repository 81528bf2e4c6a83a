package dev.stanstudio.scoring.score;

import dev.stanstudio.base.ArgumentException;

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
 */
public record ScoreSettings(
        int batch,
        int references,
        int heldOut,
        int training,
        int replicates,
        long seed,
        String prefix) {
    private static final int MOST = 100_000;

    /** Refuses numbers that cannot work. */
    public ScoreSettings {
        between("--batch", batch, 1);
        between("--references-per-style", references, 2);
        between("--held-out-per-style", heldOut, 0);
        between("--training-pictures", training, 1);
        between("--replicates", replicates, 100);
    }

    private static void between(String option, int value, int least) {
        if (value < least || value > MOST) {
            throw new ArgumentException(
                    "%s must be %s … %s, not %s".formatted(option, least, MOST, value));
        }
    }
}
