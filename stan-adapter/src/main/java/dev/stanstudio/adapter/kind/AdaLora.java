package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import java.util.List;

/**
 * Low-rank adaptation with a budget: h = W₀x + s·P Λ Q x (Zhang et al. 2023; STAN paper, eq. 15),
 * where singular values Λ of little importance are set to zero until {@code targetRank} of them are
 * left per module on average. Settings, scale and schedule are those of PEFT's AdaLoraConfig.
 *
 * @param initialRank r that every module begins with
 * @param targetRank average rank that is left
 * @param alpha α; the scale is α/(r + 1e-5)
 * @param schedule by which the budget shrinks
 * @param sensitivityDecay β₁ of the smoothed importance
 * @param uncertaintyDecay β₂ of its variation
 * @param orthogonality weight of ‖PᵀP − I‖ + ‖QQᵀ − I‖ in the loss
 */
public record AdaLora(
        int initialRank,
        int targetRank,
        double alpha,
        Schedule schedule,
        double sensitivityDecay,
        double uncertaintyDecay,
        double orthogonality)
        implements AdapterKind {
    /** Tensor names as PEFT's: Q [r, in], P [out, r], Λ [r, 1]. */
    public static final String DOWN = "lora_A";

    /** P. */
    public static final String UP = "lora_B";

    /** Λ. */
    public static final String VALUES = "lora_E";

    private static final double PEFT_EPSILON = 1e-5;
    private static final int STEPS_BEFORE_BUDGET = 10;
    private static final double DECAY = 0.85;
    private static final double ORTHOGONALITY = 0.5;

    /**
     * Schedule by which the budget shrinks.
     *
     * @param warmUp steps at the full budget ({@code tinit})
     * @param settled last steps at the final budget ({@code tfinal})
     * @param interval steps between two cuts ({@code deltaT})
     */
    public record Schedule(int warmUp, int settled, int interval) {
        /** Refuses negative counts. */
        public Schedule {
            if (warmUp < 0 || settled < 0 || interval < 1) {
                throw new ArgumentException(
                        "the budget schedule needs steps ≥ 0, ≥ 0 and ≥ 1, not %d, %d, %d"
                                .formatted(warmUp, settled, interval));
            }
        }
    }

    /** Refuses numbers that cannot work. */
    public AdaLora {
        Ranks.require(initialRank, alpha);
        if (targetRank < 1 || targetRank > initialRank) {
            throw new ArgumentException(
                    "the target rank must be 1 … the initial rank %d, not %d"
                            .formatted(initialRank, targetRank));
        }
        if (!isShare(sensitivityDecay) || !isShare(uncertaintyDecay) || !(orthogonality >= 0)) {
            throw new ArgumentException(
                    "betas must be between 0 and 1 and the orthogonality weight at least 0, not %s, %s, %s"
                            .formatted(sensitivityDecay, uncertaintyDecay, orthogonality));
        }
    }

    /** A tenth of the steps at the full budget, the last third at the final one. */
    static AdaLora of(KindOptions options, KindSizes sizes, long steps) {
        int target = options.rank(sizes);
        Integer given = options.initialRank;
        int initial = given == null ? target + (target + 1) / 2 : given;
        int warmUp = (int) (steps / STEPS_BEFORE_BUDGET);
        int interval = (int) Math.max(1, steps / 100);
        return new AdaLora(
                initial,
                target,
                options.alpha(sizes),
                new Schedule(warmUp, (int) (steps / 3), interval),
                DECAY,
                DECAY,
                ORTHOGONALITY);
    }

    private static boolean isShare(double value) {
        return value > 0 && value < 1;
    }

    @Override
    public String words() {
        return new SettingWords()
                .rank(targetRank, alpha)
                .add("cut from rank %d".formatted(initialRank))
                .add("orthogonality %s".formatted(SettingWords.number(orthogonality)))
                .toString();
    }

    @Override
    public boolean dropsInputs() {
        return true;
    }

    @Override
    public KindName name() {
        return KindName.ADALORA;
    }

    @Override
    public <H> H hook(HookFactory<H> hooks) {
        return hooks.budgetAllocation(this);
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        long r = initialRank;
        return List.of(
                new AdapterTensor(DOWN, List.of(r, in), Start.normal(0.02)),
                new AdapterTensor(UP, List.of(out, r), Start.normal(0.02)),
                new AdapterTensor(VALUES, List.of(r, 1L), Start.ZERO));
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        double scale = alpha / (initialRank + PEFT_EPSILON);
        return ProjectionPart.lowRank(initialRank, scale, DOWN, UP, VALUES);
    }

    /** Counts the ranks of the final budget, not those that training began with. */
    @Override
    public long parameters(String module, long out, long in) {
        return targetRank * (out + in + 1);
    }

    /** The size is the target rank; the initial rank keeps its ratio to it. */
    @Override
    public AdapterKind resized(int size) {
        int initial = (int) Math.max(size, Math.round((double) initialRank / targetRank * size));
        return new AdaLora(
                initial, size, alpha, schedule, sensitivityDecay, uncertaintyDecay, orthogonality);
    }

    @Override
    public long largestSize(long out, long in) {
        return Math.min(out, in);
    }
}
