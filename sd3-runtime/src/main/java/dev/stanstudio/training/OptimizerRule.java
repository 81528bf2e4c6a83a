package dev.stanstudio.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.TensorList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A rule that moves parameters, as a public program has it. The rules differ in what they remember
 * of a parameter and in how it moves; the rest is {@link RuleOptimizer}.
 */
sealed interface OptimizerRule extends OptimizerSettings
        permits Prodigy, ScheduleFree, Lion, Adafactor, Came, Muon, AdamW8 {
    /**
     * A tensor that is remembered of a parameter.
     *
     * @param axes its shape
     * @param copied whether it begins as the parameter and not as zeros
     * @param dtype its type
     */
    record Memory(List<Long> axes, boolean copied, DType dtype) {
        static Memory zeros(long... shape) {
            return new Memory(Arrays.stream(shape).boxed().toList(), false, DType.FP32);
        }

        static Memory copy(long... shape) {
            return new Memory(Arrays.stream(shape).boxed().toList(), true, DType.FP32);
        }

        /** Returns the same in another type. */
        Memory as(DType other) {
            return new Memory(axes, copied, other);
        }

        long elements() {
            return axes.stream().reduce(1L, Math::multiplyExact);
        }

        long bytes() {
            return elements() * dtype.bytes();
        }

        long[] shape() {
            return axes.stream().mapToLong(Long::longValue).toArray();
        }

        /** Means over the last axis of a matrix, and over the one before. */
        static Memory rows(long[] matrix) {
            long[] shape = matrix.clone();
            shape[shape.length - 1] = 1;
            return zeros(shape);
        }

        static Memory columns(long[] matrix) {
            long[] shape = matrix.clone();
            shape[shape.length - 2] = 1;
            return zeros(shape);
        }
    }

    /** Returns the share of the weight taken off per unit of learning rate. */
    double weightDecay();

    /** Returns what is remembered of a parameter of {@code shape}, by name. */
    Map<String, Memory> memory(long[] shape);

    /** Returns the numbers that are remembered, as they begin. */
    default Map<String, Double> firstNumbers() {
        return Map.of();
    }

    /** Returns the numbers of {@code numbers} that a person wants to see. */
    default Map<String, Double> reported(Map<String, Double> numbers) {
        return Map.of();
    }

    /**
     * Returns the rule's own averages of the parameters.
     *
     * @param all all parameters with what is remembered of them
     */
    default TensorList averaged(RuleStep.Part all) {
        return all.parameters();
    }

    /** Moves all parameters once. */
    void move(RuleStep step);

    @Override
    default long stateBytes(long[] shape) {
        return memory(shape).values().stream().mapToLong(Memory::bytes).sum();
    }

    @Override
    default Optimizer begin(ParameterSet parameters, ParameterRules rules) {
        return new RuleOptimizer(this, parameters, rules);
    }

    /** Refuses a decay, a clip or a share that cannot work. */
    static void require(double weightDecay, double clip, double... shares) {
        if (!(weightDecay >= 0 && Double.isFinite(weightDecay)) || !(clip >= 0)) {
            throw new ArgumentException(
                    "weight decay and the gradients' largest norm must be at least 0, not %s and %s"
                            .formatted(weightDecay, clip));
        }
        for (double share : shares) {
            if (!(share >= 0 && share < 1)) {
                throw new ArgumentException(
                        "betas and momentum must be at least 0 and less than 1, not " + share);
            }
        }
    }

    /** Refuses a number that is not above 0. */
    static void requirePositive(String name, double value) {
        if (!(value > 0)) {
            throw new ArgumentException("%s must be above 0, not %s".formatted(name, value));
        }
    }
}
