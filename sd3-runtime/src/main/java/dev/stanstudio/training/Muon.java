package dev.stanstudio.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.Map;
import java.util.TreeMap;

/**
 * Muon (Jordan et al. 2024) for matrices, as torch.optim.Muon computes it, and AdamW for everything
 * else: Nesterov momentum made orthogonal, with steps as long as AdamW's (Liu et al. 2025, section
 * 2.2), so that one learning rate serves both.
 *
 * @param momentum of matrices
 * @param beta1 AdamW's
 * @param beta2 AdamW's
 * @param eps AdamW's
 * @param weightDecay as in {@link OptimizerRule#weightDecay}
 * @param clip as in {@link OptimizerSettings#clip}
 */
record Muon(
        double momentum, double beta1, double beta2, double eps, double weightDecay, double clip)
        implements OptimizerRule {
    private static final String MEAN = "mean";
    private static final String SQUARE = "square";

    Muon {
        OptimizerRule.require(weightDecay, clip, momentum, beta1, beta2);
        OptimizerRule.requirePositive("eps", eps);
    }

    static Muon of(OptimizerNumbers given) {
        return new Muon(
                given.take("momentum", 0.95),
                given.take("beta1", 0.9),
                given.take("beta2", 0.999),
                given.take("eps", 1e-8),
                given.weightDecay(),
                given.clip());
    }

    @Override
    public String label() {
        return OptimizerName.MUON.label();
    }

    @Override
    public Map<String, Memory> memory(long[] shape) {
        if (shape.length > 2) {
            throw new ArgumentException("muon moves matrices and vectors alone");
        }
        Map<String, Memory> memory = new TreeMap<>(Map.of(MEAN, Memory.zeros(shape)));
        if (shape.length < 2) {
            memory.put(SQUARE, Memory.zeros(shape));
        }
        return memory;
    }

    @Override
    public void move(RuleStep step) {
        for (RuleStep.Part part : step.parts()) {
            if (part.matrices()) {
                moveMatrices(step, part);
            } else {
                moveVectors(step, part);
            }
        }
    }

    private void moveMatrices(RuleStep step, RuleStep.Part part) {
        RuleOptimizer.program()
                .callLong(
                        "muon_like_adamw",
                        part.parameters(),
                        part.gradients(),
                        part.memory(MEAN),
                        step.rate(part),
                        momentum,
                        part.decay());
    }

    private void moveVectors(RuleStep step, RuleStep.Part part) {
        Tensor anyNorm = Tensors.zeros(step.scope(), new long[0], DType.FP32, step.device());
        AdamW.program()
                .callLong(
                        "adamw",
                        part.parameters(),
                        part.gradients(),
                        part.memory(MEAN),
                        part.memory(SQUARE),
                        anyNorm,
                        step.number(),
                        step.rate(part),
                        beta1,
                        beta2,
                        eps,
                        part.decay(),
                        0.0);
    }
}
