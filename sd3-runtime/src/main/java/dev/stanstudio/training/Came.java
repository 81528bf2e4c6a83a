package dev.stanstudio.training;

import java.util.Map;
import java.util.TreeMap;

/**
 * CAME (Luo et al. 2023, algorithm 2), as came_pytorch computes it: Adafactor's factored squares, a
 * momentum, and steps that shrink where momentum and update disagree.
 *
 * @param beta1 decay of the momentum
 * @param beta2 decay of the mean squares
 * @param beta3 decay of the mean disagreement
 * @param eps added to squared gradients
 * @param residualEps added to squared disagreements
 * @param largestStep root mean square of an update above which it is scaled down
 * @param weightDecay as in {@link OptimizerRule#weightDecay}
 * @param clip as in {@link OptimizerSettings#clip}
 */
record Came(
        double beta1,
        double beta2,
        double beta3,
        double eps,
        double residualEps,
        double largestStep,
        double weightDecay,
        double clip)
        implements OptimizerRule {
    private static final String MEAN = "mean";
    private static final String SQUARE = "square";
    private static final String ROW = "row";
    private static final String COLUMN = "column";
    private static final String RESIDUAL_ROW = "residual-row";
    private static final String RESIDUAL_COLUMN = "residual-column";

    Came {
        OptimizerRule.require(weightDecay, clip, beta1, beta2, beta3);
        OptimizerRule.requirePositive("eps", eps);
        OptimizerRule.requirePositive("residual-eps", residualEps);
        OptimizerRule.requirePositive("largest-step", largestStep);
    }

    static Came of(OptimizerNumbers given) {
        return new Came(
                given.take("beta1", 0.9),
                given.take("beta2", 0.999),
                given.take("beta3", 0.9999),
                given.take("eps", 1e-30),
                given.take("residual-eps", 1e-16),
                given.take("largest-step", 1),
                given.weightDecay(),
                given.clip());
    }

    @Override
    public String label() {
        return OptimizerName.CAME.label();
    }

    @Override
    public Map<String, Memory> memory(long[] shape) {
        Map<String, Memory> memory = new TreeMap<>(Map.of(MEAN, Memory.zeros(shape)));
        if (shape.length < 2) {
            memory.put(SQUARE, Memory.zeros(shape));
            return memory;
        }
        memory.put(ROW, Memory.rows(shape));
        memory.put(COLUMN, Memory.columns(shape));
        memory.put(RESIDUAL_ROW, Memory.rows(shape));
        memory.put(RESIDUAL_COLUMN, Memory.columns(shape));
        return memory;
    }

    @Override
    public void move(RuleStep step) {
        double[] betas = {beta1, beta2, beta3};
        double[] bounds = {eps, residualEps, largestStep};
        for (RuleStep.Part part : step.parts()) {
            double rate = step.rate(part);
            if (part.matrices()) {
                RuleOptimizer.program()
                        .callLong(
                                "came_matrices",
                                part.parameters(),
                                part.gradients(),
                                part.memory(MEAN),
                                part.memory(ROW),
                                part.memory(COLUMN),
                                part.memory(RESIDUAL_ROW),
                                part.memory(RESIDUAL_COLUMN),
                                rate,
                                betas,
                                bounds,
                                rate * part.decay());
            } else {
                RuleOptimizer.program()
                        .callLong(
                                "came_vectors",
                                part.parameters(),
                                part.gradients(),
                                part.memory(MEAN),
                                part.memory(SQUARE),
                                rate,
                                betas,
                                bounds,
                                rate * part.decay());
            }
        }
    }
}
