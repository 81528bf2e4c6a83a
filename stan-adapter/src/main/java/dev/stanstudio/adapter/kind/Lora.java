package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.ArgumentException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Low-rank adaptation: h = W₀x + (α/r)·B·A x (Hu et al. 2021; STAN paper, eq. 1–2), with the
 * settings and meanings of PEFT's LoraConfig.
 *
 * @param rank r
 * @param alpha α
 * @param rankStabilized whether α is divided by √r (Kalajdzievski 2023) instead of r
 * @param gaussian whether A begins normal with deviation 1/r instead of Kaiming's uniform
 * @param ranks r of single modules by pattern ({@code rank_pattern})
 * @param alphas α of single modules by pattern ({@code alpha_pattern})
 */
public record Lora(
        int rank,
        double alpha,
        boolean rankStabilized,
        boolean gaussian,
        Map<String, Integer> ranks,
        Map<String, Double> alphas)
        implements AdapterKind {
    private static final String DOWN = "lora_A.weight";
    private static final String UP = "lora_B.weight";
    private static final String ORIGIN = "the LoRA settings";

    /** Refuses numbers that cannot work; keeps copies of the maps. */
    public Lora {
        Ranks.require(rank, alpha);
        ranks.values().forEach(r -> Ranks.require(r, 1));
        ModulePattern.require(ORIGIN, ranks);
        ModulePattern.require(ORIGIN, alphas);
        ranks = Collections.unmodifiableMap(new LinkedHashMap<>(ranks));
        alphas = Collections.unmodifiableMap(new LinkedHashMap<>(alphas));
    }

    static Lora of(KindOptions options, KindSizes sizes, long steps) {
        return new Lora(
                options.rank(sizes),
                options.alpha(sizes),
                options.rankStabilized,
                false,
                options.sizes,
                Map.of());
    }

    /** Returns rank {@code rank} with scale α/r, everything else as PEFT has it. */
    public static Lora of(int rank, double alpha) {
        return new Lora(rank, alpha, false, false, Map.of(), Map.of());
    }

    @Override
    public String words() {
        return new SettingWords()
                .rank(rank, alpha)
                .addIf(rankStabilized, "alpha divided by the root of the rank")
                .addIf(gaussian, "begun from normal numbers")
                .patterns("rank", ranks)
                .patterns("alpha", alphas)
                .toString();
    }

    @Override
    public boolean dropsInputs() {
        return true;
    }

    @Override
    public KindName name() {
        return KindName.LORA;
    }

    @Override
    public TensorStorage storage() {
        return TensorStorage.PEFT;
    }

    /** Returns r of {@code module}. */
    public int rankOf(String module) {
        return ModulePattern.find(ORIGIN, ranks, module).orElse(rank);
    }

    /** Returns α of {@code module}. */
    public double alphaOf(String module) {
        return ModulePattern.find(ORIGIN, alphas, module).orElse(alpha);
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        long r = rankOf(module);
        Start start = gaussian ? Start.normal(1.0 / r) : Start.kaiming(in);
        return List.of(
                new AdapterTensor(DOWN, List.of(r, in), start),
                new AdapterTensor(UP, List.of(out, r), Start.ZERO));
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        int r = rankOf(module);
        double divisor = rankStabilized ? Math.sqrt(r) : r;
        return ProjectionPart.lowRank(r, alphaOf(module) / divisor, DOWN, UP, null);
    }

    @Override
    public AdapterKind resized(int size) {
        if (size < 1) {
            throw new ArgumentException("the rank must be at least 1, not " + size);
        }
        return new Lora(size, alpha, rankStabilized, gaussian, Map.of(), Map.of());
    }

    @Override
    public long largestSize(long out, long in) {
        return Math.min(out, in);
    }
}
