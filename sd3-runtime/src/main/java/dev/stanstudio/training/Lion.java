package dev.stanstudio.training;

import java.util.Map;

/**
 * Lion (Chen et al. 2023, algorithm 2), as lion-pytorch computes it: the sign of a momentum.
 *
 * @param beta1 share of the momentum in the step
 * @param beta2 decay of the momentum
 * @param weightDecay as in {@link OptimizerRule#weightDecay}
 * @param clip as in {@link OptimizerSettings#clip}
 */
record Lion(double beta1, double beta2, double weightDecay, double clip) implements OptimizerRule {
    private static final String MEAN = "mean";

    Lion {
        OptimizerRule.require(weightDecay, clip, beta1, beta2);
    }

    static Lion of(OptimizerNumbers given) {
        return new Lion(
                given.take("beta1", 0.9),
                given.take("beta2", 0.99),
                given.weightDecay(),
                given.clip());
    }

    @Override
    public String label() {
        return OptimizerName.LION.label();
    }

    @Override
    public Map<String, Memory> memory(long[] shape) {
        return Map.of(MEAN, Memory.zeros(shape));
    }

    @Override
    public void move(RuleStep step) {
        for (RuleStep.Part part : step.parts()) {
            RuleOptimizer.program()
                    .callLong(
                            "lion",
                            part.parameters(),
                            part.gradients(),
                            part.memory(MEAN),
                            step.rate(part),
                            beta1,
                            beta2,
                            part.decay());
        }
    }
}
