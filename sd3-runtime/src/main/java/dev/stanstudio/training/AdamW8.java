package dev.stanstudio.training;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.Map;
import java.util.TreeMap;

/**
 * AdamW whose moments stay in eight bits (Dettmers et al. 2022), as AdamW8bit of bitsandbytes
 * computes it: blocks of 256 numbers have a scale each, and every number is the nearest of a {@link
 * DynamicMap}. Tensors of less than 4096 numbers keep fp32.
 *
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean square
 * @param eps added to the root
 * @param weightDecay as in {@link OptimizerRule#weightDecay}
 * @param clip as in {@link OptimizerSettings#clip}
 */
record AdamW8(double beta1, double beta2, double eps, double weightDecay, double clip)
        implements OptimizerRule {
    /** Numbers of a block. */
    static final int BLOCK = 256;

    private static final long LEAST_SMALL = 4096;
    private static final String MEAN = "mean";
    private static final String SQUARE = "square";
    private static final String MEAN_CODES = "mean-codes";
    private static final String MEAN_SCALES = "mean-scales";
    private static final String SQUARE_CODES = "square-codes";
    private static final String SQUARE_SCALES = "square-scales";

    AdamW8 {
        OptimizerRule.require(weightDecay, clip, beta1, beta2);
        OptimizerRule.requirePositive("eps", eps);
    }

    static AdamW8 of(OptimizerNumbers given) {
        return new AdamW8(
                given.take("beta1", 0.9),
                given.take("beta2", 0.999),
                given.take("eps", 1e-8),
                given.weightDecay(),
                given.clip());
    }

    @Override
    public String label() {
        return OptimizerName.ADAMW_8BIT.label();
    }

    @Override
    public Map<String, Memory> memory(long[] shape) {
        long numbers = Memory.zeros(shape).elements();
        if (numbers < LEAST_SMALL) {
            return new TreeMap<>(Map.of(MEAN, Memory.zeros(shape), SQUARE, Memory.zeros(shape)));
        }
        long blocks = (numbers + BLOCK - 1) / BLOCK;
        Memory codes = Memory.zeros(blocks, BLOCK).as(DType.UINT8);
        Memory scales = Memory.zeros(blocks);
        return new TreeMap<>(
                Map.of(
                        MEAN_CODES,
                        codes,
                        MEAN_SCALES,
                        scales,
                        SQUARE_CODES,
                        codes,
                        SQUARE_SCALES,
                        scales));
    }

    @Override
    public void move(RuleStep step) {
        for (RuleStep.Part part : step.parts()) {
            if (part.remembers(MEAN)) {
                moveWide(step, part);
            } else {
                moveSmall(step, part);
            }
        }
    }

    private double[] betas() {
        return new double[] {beta1, beta2};
    }

    private double[] corrections(RuleStep step) {
        double made = step.number();
        return new double[] {1 - Math.pow(beta1, made), 1 - Math.pow(beta2, made)};
    }

    private void moveWide(RuleStep step, RuleStep.Part part) {
        RuleOptimizer.program()
                .callLong(
                        "adamw_wide",
                        part.parameters(),
                        part.gradients(),
                        part.memory(MEAN),
                        part.memory(SQUARE),
                        step.rate(part),
                        betas(),
                        corrections(step),
                        eps,
                        part.decay());
    }

    private void moveSmall(RuleStep step, RuleStep.Part part) {
        RuleOptimizer.program()
                .callLong(
                        "adamw_small",
                        part.parameters(),
                        part.gradients(),
                        part.memory(MEAN_CODES),
                        part.memory(MEAN_SCALES),
                        part.memory(SQUARE_CODES),
                        part.memory(SQUARE_SCALES),
                        map(step, true),
                        map(step, false),
                        step.rate(part),
                        betas(),
                        corrections(step),
                        eps,
                        part.decay());
    }

    private static Tensor map(RuleStep step, boolean signed) {
        float[] numbers = DynamicMap.of(signed);
        Scope scope = step.scope();
        Tensor made = Tensors.of(scope, numbers, numbers.length);
        return Tensors.to(scope, made, step.device(), DType.FP32);
    }
}
