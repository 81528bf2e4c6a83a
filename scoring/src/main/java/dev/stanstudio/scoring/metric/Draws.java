package dev.stanstudio.scoring.metric;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds how often a picture counts in each replicate: by its unit, by its training, and by both.
 * Not thread-safe.
 */
public final class Draws {
    private final @Nullable String training;
    private final double[] ofUnit;
    private final double[] ofTraining;
    private double @Nullable [] ofBoth;

    private Draws(@Nullable String training, double[] ofUnit, double[] ofTraining) {
        this.training = training;
        this.ofUnit = ofUnit;
        this.ofTraining = ofTraining;
    }

    /** Returns the training that the picture's adapter is of; null for none, or none known. */
    @Nullable String training() {
        return training;
    }

    /** Returns the weights of the unit; to be read only. */
    double[] ofUnit() {
        return ofUnit;
    }

    /** Returns the weights of the training, those of one without a name where there is none. */
    double[] ofTraining() {
        return ofTraining;
    }

    /** Returns the products of both, which one training does not need. */
    double[] ofBoth() {
        double[] both = ofBoth;
        if (both == null) {
            both = new double[ofUnit.length];
            for (int b = 0; b < both.length; b++) {
                both[b] = ofUnit[b] * ofTraining[b];
            }
            ofBoth = both;
        }
        return both;
    }

    /** Makes draws and remembers those of trainings. Thread-safe. */
    public static final class Source {
        private final PoissonWeights weights;
        private final Map<String, double[]> trainings = new ConcurrentHashMap<>();

        /** Creates a source of draws by {@code weights}. */
        public Source(PoissonWeights weights) {
            this.weights = weights;
        }

        /** Returns the number of replicates. */
        public int replicates() {
            return weights.replicates();
        }

        /**
         * Returns the draws of a picture of {@code unit}, as {@link PoissonWeights#unit} names it.
         */
        public Draws of(long unit, @Nullable String training) {
            double[] units = doubles(weights.of(unit));
            double[] own =
                    trainings.computeIfAbsent(
                            training == null ? "" : training,
                            name -> doubles(weights.of(training(name))));
            return new Draws(training, units, own);
        }

        /** Returns the number that stands for a training. */
        public static long training(String name) {
            return PoissonWeights.unit("training " + name);
        }

        private static double[] doubles(byte[] often) {
            double[] exact = new double[often.length];
            for (int b = 0; b < exact.length; b++) {
                exact[b] = often[b];
            }
            return exact;
        }
    }
}
