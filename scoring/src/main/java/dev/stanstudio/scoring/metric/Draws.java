package dev.stanstudio.scoring.metric;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds how often a picture counts in each replicate: by its unit, by its training, and by both.
 *
 * @param training the training that its adapter is of; null for none, or none known
 * @param ofUnit weights of the unit
 * @param ofTraining weights of the training; those of the unknown training without one
 * @param ofBoth their products
 */
public record Draws(
        @Nullable String training, double[] ofUnit, double[] ofTraining, double[] ofBoth) {
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

        /** Returns the draws of a picture of {@code unit}, as {@link PoissonWeights#unit} names it. */
        public Draws of(long unit, @Nullable String training) {
            double[] units = doubles(weights.of(unit));
            double[] own =
                    trainings.computeIfAbsent(
                            training == null ? "" : training, name -> doubles(weights.of(training(name))));
            double[] both = new double[units.length];
            for (int b = 0; b < both.length; b++) {
                both[b] = units[b] * own[b];
            }
            return new Draws(training, units, own, both);
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
