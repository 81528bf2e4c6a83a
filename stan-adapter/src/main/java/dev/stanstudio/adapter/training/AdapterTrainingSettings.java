package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.training.LearningRate;
import dev.stanstudio.training.OptimizerSettings;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;

/**
 * Settings of a training; {@code toString} is part of its identity when it is resumed.
 *
 * @param kind what is trained
 * @param steps updates in all
 * @param batch pictures per update
 * @param shards parts of a batch computed side by side; divides the batch
 * @param rate learning rate
 * @param optimizer what moves the adapter
 * @param emaDecay decay of the averaged weights, which are what is written; 0 writes the last ones
 * @param objective the loss
 * @param levels noise levels
 * @param captionDropout share of captions that are left out
 * @param seed of first values, order, noise and levels
 * @param variants departures from a plain update
 * @param data what is trained on, so that a training is resumed with the same
 */
record AdapterTrainingSettings(
        AdapterKind kind,
        long steps,
        int batch,
        int shards,
        LearningRate rate,
        OptimizerSettings optimizer,
        double emaDecay,
        Objective objective,
        NoiseLevels levels,
        double captionDropout,
        long seed,
        StepVariants variants,
        String data) {
    /** Plain updates. */
    AdapterTrainingSettings(
            AdapterKind kind,
            long steps,
            int batch,
            int shards,
            LearningRate rate,
            OptimizerSettings optimizer,
            double emaDecay,
            Objective objective,
            NoiseLevels levels,
            double captionDropout,
            long seed,
            String data) {
        this(
                kind,
                steps,
                batch,
                shards,
                rate,
                optimizer,
                emaDecay,
                objective,
                levels,
                captionDropout,
                seed,
                StepVariants.NONE,
                data);
    }

    /** Refuses numbers that cannot work. */
    public AdapterTrainingSettings {
        if (steps < 1 || batch < 1 || shards < 1 || batch % shards != 0) {
            throw new ArgumentException(
                    ("steps and batch must be at least 1 and shards divide the batch, not %s,"
                                    + " %s and %s")
                            .formatted(steps, batch, shards));
        }
        if (!(captionDropout >= 0 && captionDropout <= 1)) {
            throw new ArgumentException(
                    "the share of captions left out must be 0 … 1, not " + captionDropout);
        }
    }

    /** Returns the same with another loss. */
    AdapterTrainingSettings withObjective(Objective other) {
        return new AdapterTrainingSettings(
                kind,
                steps,
                batch,
                shards,
                rate,
                optimizer,
                emaDecay,
                other,
                levels,
                captionDropout,
                seed,
                variants,
                data);
    }

    /**
     * Returns the bytes that the optimizer remembers.
     *
     * @param modules weight shape [out, in] by module path
     */
    long optimizerBytes(Map<String, long[]> modules) {
        return modules.entrySet().stream()
                .flatMap(m -> kind.tensors(m.getKey(), m.getValue()[0], m.getValue()[1]).stream())
                .mapToLong(tensor -> optimizer.stateBytes(tensor.sizes()))
                .sum();
    }

    /** Returns everything that decides the result, for the check on resuming. */
    String identity(Collection<String> modules) {
        return this + " on " + new TreeSet<>(modules);
    }
}
