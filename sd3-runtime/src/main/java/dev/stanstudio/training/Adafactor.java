package dev.stanstudio.training;

import dev.stanstudio.base.ArgumentException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adafactor (Shazeer &amp; Stern 2018) with a learning rate from outside: of a matrix only the mean
 * squares of rows and columns are remembered. Steps that grow with the parameter's size are as
 * torch.optim.Adafactor computes them; the others, which adapters that begin at zero need, as
 * transformers' Adafactor with neither scale_parameter nor relative_step.
 *
 * @param beta2Decay c of the decay 1 − t^c of the mean squares
 * @param eps least mean of the rows' squares
 * @param leastSize the least size that a parameter counts with, where steps grow with it
 * @param largestStep root mean square of a step, in units of the learning rate, above which it is
 *     scaled down
 * @param sized whether steps grow with the parameter's size, and the rate falls with the root of
 *     the steps
 * @param weightDecay as in {@link OptimizerRule#weightDecay}
 * @param clip as in {@link OptimizerSettings#clip}
 */
record Adafactor(
        double beta2Decay,
        double eps,
        double leastSize,
        double largestStep,
        boolean sized,
        double weightDecay,
        double clip)
        implements OptimizerRule {
    private static final String ROW = "row";
    private static final String COLUMN = "column";
    private static final String SQUARE = "square";

    Adafactor {
        OptimizerRule.require(weightDecay, clip);
        if (!(beta2Decay <= 0 && Double.isFinite(beta2Decay))) {
            throw new ArgumentException("beta2-decay must be at most 0, not " + beta2Decay);
        }
        OptimizerRule.requirePositive("eps", eps);
        OptimizerRule.requirePositive("least-size", leastSize);
        OptimizerRule.requirePositive("largest-step", largestStep);
    }

    static Adafactor of(OptimizerNumbers given) {
        return new Adafactor(
                given.take("beta2-decay", -0.8),
                given.take("eps", Math.ulp(1f)),
                given.take("least-size", 1e-3),
                given.take("largest-step", 1),
                given.takeFlag("scale-parameter", false),
                given.weightDecay(),
                given.clip());
    }

    @Override
    public String label() {
        return OptimizerName.ADAFACTOR.label();
    }

    @Override
    public Map<String, Memory> memory(long[] shape) {
        return shape.length < 2
                ? Map.of(SQUARE, Memory.zeros(shape))
                : new TreeMap<>(Map.of(ROW, Memory.rows(shape), COLUMN, Memory.columns(shape)));
    }

    @Override
    public void move(RuleStep step) {
        double share = Math.pow((double) step.number(), beta2Decay);
        for (RuleStep.Part part : step.parts()) {
            double rate = step.rate(part);
            double pace = sized ? Math.min(rate, 1 / Math.sqrt((double) step.number())) : rate;
            double[] bounds = {eps, leastSize, largestStep};
            if (part.matrices()) {
                RuleOptimizer.program()
                        .callLong(
                                "adafactor_matrices",
                                part.parameters(),
                                part.gradients(),
                                part.memory(ROW),
                                part.memory(COLUMN),
                                pace,
                                share,
                                bounds,
                                rate * part.decay(),
                                sized);
            } else {
                RuleOptimizer.program()
                        .callLong(
                                "adafactor_vectors",
                                part.parameters(),
                                part.gradients(),
                                part.memory(SQUARE),
                                pace,
                                share,
                                bounds,
                                rate * part.decay(),
                                sized);
            }
        }
    }
}
