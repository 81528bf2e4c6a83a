package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Weight-decomposed low-rank adaptation (Liu et al. 2024): the rows of W₀ + (α/r)·B A keep their
 * directions and get the trained lengths m, as PEFT's LoraConfig has it with {@code use_dora}.
 *
 * @param rank r
 * @param alpha α
 * @param rankStabilized whether α is divided by √r instead of r
 */
public record Dora(int rank, double alpha, boolean rankStabilized) implements AdapterKind {
    private static final String DOWN = "lora_A.weight";
    private static final String UP = "lora_B.weight";
    private static final String MAGNITUDE = "lora_magnitude_vector";

    /** Refuses numbers that cannot work. */
    public Dora {
        Ranks.require(rank, alpha);
    }

    static Dora of(KindOptions options, KindSizes sizes, long steps) {
        return new Dora(options.rank(sizes), options.alpha(sizes), options.rankStabilized);
    }

    @Override
    public String words() {
        return new SettingWords()
                .rank(rank, alpha)
                .addIf(rankStabilized, "alpha divided by the root of the rank")
                .toString();
    }

    @Override
    public boolean dropsInputs() {
        return true;
    }

    @Override
    public KindName name() {
        return KindName.DORA;
    }

    @Override
    public TensorStorage storage() {
        return TensorStorage.COMPOSED;
    }

    @Override
    public Optional<Composition> composition(String module, long out, long in) {
        double divisor = rankStabilized ? Math.sqrt(rank) : rank;
        return Optional.of(new Composition(Composition.Rule.DORA, alpha / divisor));
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        return List.of(
                new AdapterTensor(DOWN, List.of((long) rank, in), Start.kaiming(in)),
                new AdapterTensor(UP, List.of(out, (long) rank), Start.ZERO),
                new AdapterTensor(MAGNITUDE, List.of(out), Start.ZERO));
    }

    @Override
    public List<String> outputTensors(String module, long out, long in) {
        return List.of(UP, MAGNITUDE);
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        return ProjectionPart.dense(out, CHANGE);
    }

    @Override
    public Map<String, Object> peftFields() {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("alpha_pattern", Map.of());
        fields.put("bias", "none");
        fields.put("fan_in_fan_out", false);
        fields.put("init_lora_weights", true);
        fields.put("lora_alpha", alpha);
        fields.put("lora_dropout", 0.0);
        fields.put("peft_type", "LORA");
        fields.put("r", rank);
        fields.put("rank_pattern", Map.of());
        fields.put("use_dora", true);
        fields.put("use_rslora", rankStabilized);
        return fields;
    }

    @Override
    public AdapterKind resized(int size) {
        return new Dora(size, alpha, rankStabilized);
    }

    @Override
    public long largestSize(long out, long in) {
        return Math.min(out, in);
    }
}
