package dev.stanstudio.training;

import dev.stanstudio.engine.TensorList;
import java.util.Map;
import java.util.TreeMap;

/**
 * Schedule-free AdamW (Defazio et al. 2024), as schedulefree's AdamWScheduleFree computes it.
 * Gradients are taken at y, between the base sequence z and its average x; x is judged and written.
 *
 * @param beta1 where y lies between z (0) and x (1)
 * @param beta2 decay of the mean square
 * @param eps added to the root
 * @param r power of the step's number in the average's weights
 * @param weightPower power of the largest learning rate in the average's weights
 * @param weightDecay as in {@link OptimizerRule#weightDecay}
 * @param clip as in {@link OptimizerSettings#clip}
 */
record ScheduleFree(
        double beta1,
        double beta2,
        double eps,
        double r,
        double weightPower,
        double weightDecay,
        double clip)
        implements OptimizerRule {
    private static final String SQUARE = "square";
    private static final String BASE = "base";
    private static final String LARGEST_RATE = "largest-rate";
    private static final String WEIGHTS = "weights";

    ScheduleFree {
        OptimizerRule.require(weightDecay, clip, beta1, beta2, 0);
        OptimizerRule.requirePositive("beta1", beta1);
        OptimizerRule.requirePositive("eps", eps);
    }

    static ScheduleFree of(OptimizerNumbers given) {
        return new ScheduleFree(
                given.take("beta1", 0.9),
                given.take("beta2", 0.999),
                given.take("eps", 1e-8),
                given.take("r", 0),
                given.take("weight-power", 2),
                given.weightDecay(),
                given.clip());
    }

    @Override
    public String label() {
        return OptimizerName.SCHEDULE_FREE.label();
    }

    @Override
    public boolean averages() {
        return true;
    }

    @Override
    public Map<String, Memory> memory(long[] shape) {
        return new TreeMap<>(Map.of(SQUARE, Memory.zeros(shape), BASE, Memory.copy(shape)));
    }

    @Override
    public Map<String, Double> firstNumbers() {
        return Map.of(LARGEST_RATE, 0.0, WEIGHTS, 0.0);
    }

    @Override
    public TensorList averaged(RuleStep.Part all) {
        return RuleOptimizer.program()
                .callList(
                        all.scope(),
                        "schedule_free_averages",
                        all.parameters(),
                        all.memory(BASE),
                        1 - 1 / beta1);
    }

    @Override
    public void move(RuleStep step) {
        double largest = Math.max(step.rate(), step.number(LARGEST_RATE));
        double weight = Math.pow((double) step.number(), r) * Math.pow(largest, weightPower);
        double weights = step.number(WEIGHTS) + weight;
        step.numbers().put(LARGEST_RATE, largest);
        step.numbers().put(WEIGHTS, weights);
        double share = weights == 0 ? 0 : weight / weights;
        for (RuleStep.Part part : step.parts()) {
            double rate = step.rate(part);
            RuleOptimizer.program()
                    .callLong(
                            "schedule_free",
                            part.parameters(),
                            part.gradients(),
                            part.memory(SQUARE),
                            part.memory(BASE),
                            rate,
                            rate * (beta1 * (1 - share) - 1),
                            beta2,
                            1 - Math.pow(beta2, (double) step.number()),
                            eps,
                            part.decay(),
                            share);
        }
    }
}
