package dev.stanstudio.adapter.kind;

import dev.stanstudio.adapter.kind.AdapterTensor.Start;
import dev.stanstudio.adapter.project.ProjectionPart;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The element-wise product of two low-rank products (Hyeon-Woo et al. 2021): h = W₀x + (α/r)·((B₁
 * A₁) ⊙ (B₂ A₂)) x, of rank up to r², begun as PEFT's LoHaConfig begins it.
 *
 * @param rank r
 * @param alpha α
 */
public record Loha(int rank, double alpha) implements AdapterKind {
    /** Refuses numbers that cannot work. */
    public Loha {
        Ranks.require(rank, alpha);
    }

    static Loha of(KindOptions options, KindSizes sizes, long steps) {
        return new Loha(options.rank(sizes), options.alpha(sizes));
    }

    @Override
    public String words() {
        return new SettingWords().rank(rank, alpha).toString();
    }

    @Override
    public KindName name() {
        return KindName.LOHA;
    }

    @Override
    public TensorStorage storage() {
        return TensorStorage.COMPOSED;
    }

    @Override
    public Optional<Composition> composition(String module, long out, long in) {
        return Optional.of(new Composition(Composition.Rule.LOHA, alpha / rank));
    }

    @Override
    public List<AdapterTensor> tensors(String module, long out, long in) {
        long r = rank;
        return List.of(
                new AdapterTensor("hada_w1_a", List.of(out, r), Start.normal(0.1)),
                new AdapterTensor("hada_w1_b", List.of(r, in), Start.normal(1)),
                new AdapterTensor("hada_w2_a", List.of(out, r), Start.ZERO),
                new AdapterTensor("hada_w2_b", List.of(r, in), Start.normal(1)));
    }

    @Override
    public List<String> outputTensors(String module, long out, long in) {
        return List.of("hada_w1_a", "hada_w2_a");
    }

    @Override
    public ProjectionPart part(String module, long out, long in) {
        return ProjectionPart.dense(out, CHANGE);
    }

    @Override
    public Map<String, Object> peftFields() {
        Map<String, Object> fields = new TreeMap<>();
        fields.put("alpha", alpha);
        fields.put("alpha_pattern", Map.of());
        fields.put("init_weights", true);
        fields.put("module_dropout", 0.0);
        fields.put("peft_type", "LOHA");
        fields.put("r", rank);
        fields.put("rank_dropout", 0.0);
        fields.put("rank_pattern", Map.of());
        fields.put("use_effective_conv2d", false);
        return fields;
    }

    @Override
    public AdapterKind resized(int size) {
        return new Loha(size, alpha);
    }

    @Override
    public long largestSize(long out, long in) {
        return Math.min(out, in);
    }
}
