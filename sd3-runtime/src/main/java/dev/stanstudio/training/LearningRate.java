package dev.stanstudio.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;

/**
 * A learning rate over the steps: a linear warm-up, then a shape.
 *
 * @param peak the largest rate
 * @param warmUp steps until it is reached
 * @param steps steps in all
 * @param shape what follows the warm-up
 */
public record LearningRate(double peak, long warmUp, long steps, Shape shape) {
    /** Course of the rate after the warm-up. */
    public enum Shape implements Labelled {
        /** The peak to the end. */
        CONSTANT("constant") {
            @Override
            double factor(double done) {
                return 1;
            }
        },
        /** Half a cosine down to zero. */
        COSINE("cosine") {
            @Override
            double factor(double done) {
                return 0.5 * (1 + Math.cos(Math.PI * done));
            }
        },
        /** A straight line down to zero. */
        LINEAR("linear") {
            @Override
            double factor(double done) {
                return 1 - done;
            }
        },
        /** The peak for the first half, then a straight line down to zero. */
        CONSTANT_THEN_LINEAR("constant-then-linear") {
            @Override
            double factor(double done) {
                return Math.min(1, 2 * (1 - done));
            }
        };

        private final String label;

        Shape(String label) {
            this.label = label;
        }

        abstract double factor(double done);

        @Override
        public String label() {
            return label;
        }

        /**
         * Returns the shape called {@code label}.
         *
         * @throws ArgumentException that lists the names
         */
        public static Shape of(String label) {
            return Labelled.of(values(), "learning-rate schedule", label);
        }
    }

    /** Refuses rates and lengths that cannot work. */
    public LearningRate {
        if (!(peak > 0 && Double.isFinite(peak))) {
            throw new ArgumentException("the learning rate must be above 0, not " + peak);
        }
        if (warmUp < 0 || steps < 1) {
            throw new ArgumentException(
                    "warm-up and steps must be at least 0 and 1, not " + warmUp + ", " + steps);
        }
    }

    /** The rate of step {@code step}, counted from 0. */
    public double at(long step) {
        if (step < warmUp) {
            return peak * (step + 1) / (warmUp + 1);
        }
        double done = (double) (step - warmUp) / Math.max(1, steps - warmUp);
        return peak * shape.factor(Math.min(1, done));
    }
}
