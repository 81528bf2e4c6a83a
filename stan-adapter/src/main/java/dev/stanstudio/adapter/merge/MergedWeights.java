package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.AdapterReport;
import dev.stanstudio.adapter.TargetModules;
import dev.stanstudio.adapter.lora.LoraAdapter;
import dev.stanstudio.adapter.lora.LoraTarget;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a transformer with adapters added: W + Σ weight·scale·B·A, computed in fp32 when a
 * tensor is opened and cast back to its stored type. Tensors that no adapter changes are the
 * model's own. Immutable and thread-safe; the model and the adapters must stay open.
 */
public final class MergedWeights implements Weights {
    private record Term(LoraAdapter adapter, String module, double factor) {}

    private final Weights base;
    private final Map<String, List<Term>> terms;
    private final List<AdapterReport> reports;

    private static final class Holder {
        static final Program PROGRAM = Program.load(MergedWeights.class, "merge.ts.py");
    }

    private MergedWeights(
            Weights base, Map<String, List<Term>> terms, List<AdapterReport> reports) {
        this.base = base;
        this.terms = terms;
        this.reports = List.copyOf(reports);
    }

    /**
     * A view of {@code base} with {@code adapters} added; nothing is computed yet. Modules that do
     * not match are left out, as {@link #reports()} tells.
     *
     * @param config the transformer's configuration
     * @throws dev.stanstudio.datasets.UserException if an adapter matches nothing
     */
    public static MergedWeights of(MmditConfig config, Weights base, List<WeightedLora> adapters) {
        Map<String, long[]> modules = TargetModules.of(config);
        Map<String, List<Term>> terms = new HashMap<>();
        List<AdapterReport> reports = new ArrayList<>();
        for (WeightedLora weighted : adapters) {
            AdapterReport report = weighted.adapter().match(modules).requireMatch();
            reports.add(report);
            Set<String> matched = Set.copyOf(report.matched());
            for (LoraTarget target : weighted.adapter().targets().values()) {
                String module = target.module();
                if (matched.contains(module)) {
                    double factor = weighted.weight() * target.scale();
                    terms.computeIfAbsent(module + TargetModules.WEIGHT, key -> new ArrayList<>())
                            .add(new Term(weighted.adapter(), module, factor));
                }
            }
        }
        return new MergedWeights(base, terms, reports);
    }

    /** How each adapter met the model, in the order they were given. */
    public List<AdapterReport> reports() {
        return reports;
    }

    @Override
    public Set<String> names() {
        return base.names();
    }

    @Override
    public long[] shape(String name) {
        return base.shape(name);
    }

    @Override
    public DType dtype(String name) {
        return base.dtype(name);
    }

    @Override
    public Tensor open(Scope scope, String name) {
        List<Term> added = terms.getOrDefault(name, List.of());
        if (added.isEmpty()) {
            return base.open(scope, name);
        }
        try (Scope local = Scope.open("merge " + name)) {
            List<Tensor> down = new ArrayList<>();
            List<Tensor> up = new ArrayList<>();
            for (Term term : added) {
                down.add(term.adapter().down(local, term.module()));
                up.add(term.adapter().up(local, term.module()));
            }
            return Holder.PROGRAM.call(
                    scope,
                    "merge",
                    base.open(local, name),
                    added.stream().mapToDouble(Term::factor).toArray(),
                    Tensors.list(local, down),
                    Tensors.list(local, up));
        }
    }

    @Override
    public String origin() {
        return base.origin();
    }
}
