package dev.stanstudio.scoring.metric;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sums values whose pictures come from one training or several. Two bootstraps run along: one draws
 * the units (prompts with a noise), the other trainings and units, each picture counting the
 * product of both draws (Owen &amp; Eckles 2012, "Bootstrapping data arrays of arbitrary order").
 * Memory grows with trainings, not with pictures. Not thread-safe.
 */
public final class TrainingMean {
    /** Key of values of which no training is known. */
    private static final String UNKNOWN = "";

    /** A sum over the values of one training. */
    private static final class Sum {
        private double values;
        private long count;
    }

    private final int replicates;
    private final ResampledMean units;
    private final Map<String, Sum> trainings = new LinkedHashMap<>();
    private @Nullable ResampledMean both;
    private double @Nullable [] first;
    private double squares;

    /** Creates a mean over nothing yet. */
    public TrainingMean(int replicates) {
        this.replicates = replicates;
        this.units = new ResampledMean(replicates);
    }

    /** Adds a value of a unit and a training. */
    public void add(double value, Draws draws) {
        if (first == null) {
            first = draws.ofTraining();
        }
        String training = draws.training() == null ? UNKNOWN : draws.training();
        if (both == null && trainings.size() == 1 && !trainings.containsKey(training)) {
            both = units.scaled(first);
        }
        if (both != null) {
            both.add(value, draws.ofBoth());
        }
        units.add(value, draws.ofUnit());
        Sum sum = trainings.computeIfAbsent(training, t -> new Sum());
        sum.values += value;
        sum.count++;
        squares += value * value;
    }

    /** Returns the number of values so far. */
    public long count() {
        return units.count();
    }

    /** Returns the mean; NaN of nothing. */
    public double mean() {
        return units.mean();
    }

    /** Returns the number of trainings; 0 where none is known. */
    public int trainings() {
        return trainings.size() == 1 && trainings.containsKey(UNKNOWN) ? 0 : trainings.size();
    }

    List<String> names() {
        return new ArrayList<>(trainings.keySet());
    }

    /** Returns the mean of a training; this mean where it has no values of it. */
    double mean(String training) {
        Sum sum = trainings.get(training);
        return sum == null ? mean() : sum.values / sum.count;
    }

    long count(String training) {
        Sum sum = trainings.get(training);
        return sum == null ? 0 : sum.count;
    }

    /** Returns the squared standard error if values were independent; 0 for fewer than two. */
    double independent() {
        double n = count();
        return n < 2 ? 0 : Math.max(0, squares - n * mean() * mean()) / (n * (n - 1));
    }

    /** Returns the replicates over units. */
    double[] overUnits() {
        return units.replicates();
    }

    /** Returns the replicates over trainings and units; those over units for one training. */
    double[] overBoth() {
        return both == null ? units.replicates() : both.replicates();
    }

    int replicates() {
        return replicates;
    }

    /** Returns the mean with its interval and test. */
    public TrainingEstimate estimate() {
        return TrainingEstimate.of(List.of(new TrainingEstimate.Part(this, 0, 1)));
    }
}
