package dev.stanstudio.training;

import dev.stanstudio.engine.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prodigy (Mishchenko &amp; Defazio 2023, algorithm 4), as prodigyopt computes it: Adam whose steps
 * are in units of d, an estimate of the distance to the solution that grows by itself. The learning
 * rate is a factor of it, as a rule 1.
 *
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean square
 * @param beta3 decay of the sums that d is estimated from
 * @param eps added to the root, in units of d
 * @param firstDistance d at the beginning
 * @param factor of each estimate of d
 * @param growth largest factor by which d grows in an update
 * @param biasCorrection whether Adam's correction of the first steps is made
 * @param safeguardWarmUp whether the estimate leaves out the learning rate
 * @param weightDecay as in {@link OptimizerRule#weightDecay}
 * @param clip as in {@link OptimizerSettings#clip}
 */
record Prodigy(
        double beta1,
        double beta2,
        double beta3,
        double eps,
        double firstDistance,
        double factor,
        double growth,
        boolean biasCorrection,
        boolean safeguardWarmUp,
        double weightDecay,
        double clip)
        implements OptimizerRule {
    private static final String MEAN = "mean";
    private static final String SQUARE = "square";
    private static final String START = "start";
    private static final String SUM = "sum";
    private static final String DISTANCE = "distance";
    private static final String LARGEST = "largest-distance";
    private static final String NUMERATOR = "numerator";

    Prodigy {
        OptimizerRule.require(weightDecay, clip, beta1, beta2, beta3);
        OptimizerRule.requirePositive("eps", eps);
        OptimizerRule.requirePositive("d0", firstDistance);
        OptimizerRule.requirePositive("d-coef", factor);
        OptimizerRule.requirePositive("growth-rate", growth);
    }

    static Prodigy of(OptimizerNumbers given) {
        double beta2 = given.take("beta2", 0.999);
        return new Prodigy(
                given.take("beta1", 0.9),
                beta2,
                given.take("beta3", Math.sqrt(beta2)),
                given.take("eps", 1e-8),
                given.take("d0", 1e-6),
                given.take("d-coef", 1),
                given.take("growth-rate", Double.POSITIVE_INFINITY),
                given.takeFlag("bias-correction", false),
                given.takeFlag("safeguard-warm-up", false),
                given.weightDecay(),
                given.clip());
    }

    @Override
    public String label() {
        return OptimizerName.PRODIGY.label();
    }

    @Override
    public boolean takesRates() {
        return false;
    }

    @Override
    public Map<String, Memory> memory(long[] shape) {
        return new TreeMap<>(
                Map.of(
                        MEAN,
                        Memory.zeros(shape),
                        SQUARE,
                        Memory.zeros(shape),
                        SUM,
                        Memory.zeros(shape),
                        START,
                        Memory.copy(shape)));
    }

    @Override
    public Map<String, Double> firstNumbers() {
        return Map.of(DISTANCE, firstDistance, LARGEST, firstDistance, NUMERATOR, 0.0);
    }

    @Override
    public Map<String, Double> reported(Map<String, Double> numbers) {
        return Map.of("prodigy_distance", numbers.getOrDefault(DISTANCE, firstDistance));
    }

    @Override
    public void move(RuleStep step) {
        double d = step.number(DISTANCE);
        double t = step.number();
        double correction =
                biasCorrection ? Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t)) : 1;
        double pace = d * step.rate() * correction;
        double[] sums = measure(step, d, pace);
        double numerator = step.number(NUMERATOR) * beta3 + d / firstDistance * pace * sums[0];
        if (sums[1] == 0 || step.rate() == 0) {
            return;
        }
        estimate(step, d, numerator, sums[1]);
        double shortest = step.number(DISTANCE) * eps;
        for (RuleStep.Part part : step.parts()) {
            RuleOptimizer.program()
                    .callLong(
                            "prodigy",
                            part.parameters(),
                            part.memory(MEAN),
                            part.memory(SQUARE),
                            pace,
                            shortest,
                            part.decay());
        }
    }

    private void estimate(RuleStep step, double d, double numerator, double denominator) {
        double estimate = factor * numerator / denominator;
        double begun = d == firstDistance ? Math.max(d, estimate) : d;
        double largest = Math.max(step.number(LARGEST), estimate);
        step.numbers().put(NUMERATOR, numerator);
        step.numbers().put(LARGEST, largest);
        step.numbers().put(DISTANCE, Math.min(largest, begun * growth));
    }

    /** Moves the means, and returns ⟨g, x₀ − x⟩ and ‖s‖₁ over all parameters. */
    private double[] measure(RuleStep step, double d, double pace) {
        double pull = d / firstDistance * (safeguardWarmUp ? d : pace);
        double[] sums = new double[2];
        for (RuleStep.Part part : step.parts()) {
            Tensor measured =
                    RuleOptimizer.program()
                            .call(
                                    step.scope(),
                                    "prodigy_measured",
                                    part.parameters(),
                                    part.gradients(),
                                    part.memory(START),
                                    part.memory(MEAN),
                                    part.memory(SQUARE),
                                    part.memory(SUM),
                                    d,
                                    pull,
                                    new double[] {beta1, beta2, beta3});
            float[] numbers = measured.toFloats();
            for (int i = 0; i < numbers.length; i++) {
                sums[i % 2] += numbers[i];
            }
        }
        return sums;
    }
}
