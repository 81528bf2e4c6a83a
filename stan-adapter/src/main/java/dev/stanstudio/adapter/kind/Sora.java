package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import java.util.List;

/**
 * Sparse low-rank adaptation: h = W₀x + (α/r)·Wᵤ(g ⊙ W_d x) (Ding et al. 2023; STAN paper, eq. 16),
 * whose gate g a proximal step pulls to zero (eq. 17).
 *
 * @param rank r_max that every module begins with
 * @param alpha α
 * @param sparsity λ, the pull on the gates per unit of learning rate
 */
public record Sora(int rank, double alpha, double sparsity) implements AdapterKind {
    /** Tensor name of g. */
    public static final String GATE = "sora_gate";

    private static final String DOWN = "sora_down.weight";
    private static final String UP = "sora_up.weight";

    /** Refuses numbers that cannot work. */
    public Sora {
        Ranks.require(rank, alpha);
        if (!(sparsity >= 0 && Double.isFinite(sparsity))) {
            throw new ArgumentException("lambda must be at least 0, not " + sparsity);
        }
    }

    @Override
    public String words() {
        return new SettingWords()
                .rank(rank, alpha)
                .add("gates pulled to zero by %s".formatted(SettingWords.number(sparsity)))
                .toString();
    }

    @Override
    public KindName name() {
        return KindName.SORA;
    }

    @Override
    public <H> H hook(HookFactory<H> hooks) {
        return hooks.gateShrinking(GATE, sparsity);
    }

    static Sora of(KindOptions options, KindSizes sizes, long steps) {
        return new Sora(options.rank(sizes), options.alpha(sizes), options.lambda);
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        long r = rank;
        return List.of(
                new AdapterTensor(DOWN, List.of(r, in), Start.kaiming(in)),
                new AdapterTensor(UP, List.of(out, r), Start.ZERO),
                new AdapterTensor(
                        GATE, List.of(r), new Start(AdapterTensor.Distribution.CONSTANT, 1)));
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        return ProjectionPart.lowRank(rank, alpha / rank, DOWN, UP, GATE);
    }

    @Override
    public AdapterKind resized(int size) {
        return new Sora(size, alpha, sparsity);
    }

    @Override
    public long largestSize(long out, long in) {
        return Math.min(out, in);
    }
}
