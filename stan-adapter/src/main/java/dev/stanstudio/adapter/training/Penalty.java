package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import dev.stanstudio.training.SingleNumber;

/**
 * Says how much an error e counts, as sd-scripts has it (library/train_util.py, conditional_loss
 * and get_huber_threshold_if_needed): e² and |e|, or a pseudo-Huber loss that is e² for errors far
 * below δ and grows like |e| far above it.
 *
 * @param form the function of e
 * @param schedule how δ depends on the noise level
 * @param delta δ, with {@link Schedule#EXPONENTIAL} that of pure noise
 */
public record Penalty(Form form, Schedule schedule, double delta) {
    /** The square, as always in rectified flow. */
    public static final Penalty SQUARE = new Penalty(Form.L2, Schedule.CONSTANT, 0.1);

    /** Lists the functions of an error; codes are those of {@code flow.ts.py}. */
    public enum Form implements Labelled {
        /** e². */
        L2("l2", 0),
        /** |e|. */
        L1("l1", 1),
        /** 2δ(√(e² + δ²) − δ). */
        HUBER("huber", 2),
        /** 2(√(e² + δ²) − δ). */
        SMOOTH_L1("smooth-l1", 3);

        private final String label;
        private final int code;

        Form(String label, int code) {
            this.label = label;
            this.code = code;
        }

        int code() {
            return code;
        }

        @Override
        public String label() {
            return label;
        }

        /** Returns whether δ enters. */
        boolean hasDelta() {
            return this == HUBER || this == SMOOTH_L1;
        }
    }

    /** Lists the courses of δ over the noise levels. */
    public enum Schedule implements Labelled {
        /** δ at every level. */
        CONSTANT("constant") {
            @Override
            double at(double delta, double sigma) {
                return delta;
            }
        },
        /** δ^σ: 1 without noise, δ in pure noise. */
        EXPONENTIAL("exponential") {
            @Override
            double at(double delta, double sigma) {
                return Math.pow(delta, sigma);
            }
        };

        private final String label;

        Schedule(String label) {
            this.label = label;
        }

        @Override
        public String label() {
            return label;
        }

        abstract double at(double delta, double sigma);

        /**
         * Returns the schedule called {@code label}.
         *
         * @throws ArgumentException that lists the names
         */
        static Schedule of(String label) {
            if (label.equals("snr")) {
                throw new ArgumentException(
                        "--huber-schedule snr needs a table of alphas, which flow models lack; use"
                                + " constant or exponential");
            }
            return Labelled.of(values(), "schedule of the Huber loss", label);
        }
    }

    /** Refuses a δ that cannot work. */
    public Penalty {
        if (!(delta > 0 && Double.isFinite(delta))) {
            throw new ArgumentException("--huber-delta must be above 0, not " + delta);
        }
        // Its square is taken.
        SingleNumber.require("the square of --huber-delta", delta * delta);
    }

    /** Returns δ of each row. */
    double[] deltas(double[] sigmas) {
        double[] deltas = new double[sigmas.length];
        for (int i = 0; i < sigmas.length; i++) {
            deltas[i] = schedule.at(delta, sigmas[i]);
        }
        return deltas;
    }
}
