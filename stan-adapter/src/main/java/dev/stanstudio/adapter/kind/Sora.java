package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import java.util.List;

/**
 * Sparse low-rank adaptation: h = W₀x + (α/r)·Wᵤ(g ⊙ W_d x) (Ding et al. 2023; STAN paper, eq. 16),
 * whose gate g a term of the loss and a proximal step (eq. 17) pull to zero. As in the authors'
 * program (src/lora.py, trainer.py, sparse_optimizer.py of TsinghuaC3I/SoRA) gates begin normal,
 * are not decayed, and the step does not depend on the learning rate.
 *
 * @param rank r_max that every module begins with
 * @param alpha α
 * @param penalty λ, the weight of the gates' mean absolute value in the loss
 * @param shrink λ₂, how far each update moves every gate towards zero
 */
public record Sora(int rank, double alpha, double penalty, double shrink) implements AdapterKind {
    /** Tensor name of g. */
    public static final String GATE = "sora_gate";

    private static final String DOWN = "sora_down.weight";
    private static final String UP = "sora_up.weight";

    /** Refuses numbers that cannot work. */
    public Sora {
        Ranks.require(rank, alpha);
        requirePull("lambda", penalty);
        requirePull("lambda2", shrink);
    }

    private static void requirePull(String name, double value) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new ArgumentException("%s must be at least 0, not %s".formatted(name, value));
        }
    }

    @Override
    public String words() {
        return new SettingWords()
                .rank(rank, alpha)
                .add("gates weigh %s in the loss".formatted(SettingWords.number(penalty)))
                .add("gates shrink by %s an update".formatted(SettingWords.number(shrink)))
                .toString();
    }

    @Override
    public boolean dropsInputs() {
        return true;
    }

    @Override
    public KindName name() {
        return KindName.SORA;
    }

    @Override
    public <H> H hook(HookFactory<H> hooks) {
        return hooks.gateShrinking(GATE, penalty, shrink);
    }

    static Sora of(KindOptions options, KindSizes sizes, long steps) {
        return new Sora(options.rank(sizes), options.alpha(sizes), options.lambda, options.lambda2);
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        long r = rank;
        return List.of(
                new AdapterTensor(DOWN, List.of(r, in), Start.kaiming(in)),
                new AdapterTensor(UP, List.of(out, r), Start.ZERO),
                new AdapterTensor(GATE, List.of(r), Start.normal(1)).undecayed());
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        return ProjectionPart.lowRank(rank, alpha / rank, DOWN, UP, GATE);
    }

    @Override
    public AdapterKind resized(int size) {
        return new Sora(size, alpha, penalty, shrink);
    }

    @Override
    public long largestSize(long out, long in) {
        return Math.min(out, in);
    }
}
