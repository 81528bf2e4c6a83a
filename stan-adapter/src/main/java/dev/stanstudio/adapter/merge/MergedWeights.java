package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.ModelWeights;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.Form;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.TextTower;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The weights of a model with adapters added, computed in fp32 when a tensor is opened and cast
 * back to its stored type. Tensors that no adapter changes are the model's own. Immutable and
 * thread-safe; the model and the adapters must stay open.
 */
public final class MergedWeights implements Weights {
    private static final String BIAS = ".bias";

    private final Weights base;
    private final MergeMethod method;
    private final int experts;
    private final Map<String, List<Expert>> changes;
    private final List<AdapterReport> reports;

    private MergedWeights(
            Weights base,
            MergeMethod method,
            int experts,
            Map<String, List<Expert>> changes,
            List<AdapterReport> reports) {
        this.base = base;
        this.method = method;
        this.experts = experts;
        this.changes = changes;
        this.reports = List.copyOf(reports);
    }

    /** As {@link #of(MmditConfig, Weights, List, MergeMethod)}: W + Σ weight·ΔW. */
    public static MergedWeights of(MmditConfig config, Weights base, List<Expert> experts) {
        return of(config, base, experts, MergeMethod.SUM);
    }

    /**
     * A view of {@code base} with {@code experts} added; nothing is computed yet. Modules that do
     * not match are left out ({@link #reports()}).
     *
     * @param config the transformer's configuration
     * @throws dev.stanstudio.base.UserException if an adapter matches nothing or, as STAN, is no
     *     fixed change of weights
     */
    public static MergedWeights of(
            MmditConfig config, Weights base, List<Expert> experts, MergeMethod method) {
        return of(TargetModules.of(config), base, experts, method);
    }

    /**
     * As {@link #of(MmditConfig, Weights, List, MergeMethod)}, of the transformer and the text
     * encoders of {@code source}.
     */
    public static MergedWeights of(ModelSource source, List<Expert> experts, MergeMethod method) {
        return of(TargetModules.of(source), ModelWeights.of(source), experts, method);
    }

    private static MergedWeights of(
            Map<String, long[]> modules, Weights base, List<Expert> experts, MergeMethod method) {
        Map<String, List<Expert>> changes = new HashMap<>();
        List<AdapterReport> reports = new ArrayList<>();
        for (Expert given : experts) {
            Merge.requireLinear(given);
            AdapterSource source = given.source().on(base);
            Expert expert = new Expert(source, given.weight());
            AdapterReport report = source.match(modules).requireMatch();
            reports.add(report);
            if (expert.weight() != 0) {
                for (String module : Set.copyOf(report.matched())) {
                    add(changes, module + TargetModules.WEIGHT, expert);
                    if (source.part(module).form() == Form.AFFINE) {
                        add(changes, module + BIAS, expert);
                    }
                }
            }
        }
        return new MergedWeights(base, method, experts.size(), changes, reports);
    }

    private static void add(Map<String, List<Expert>> changes, String name, Expert expert) {
        changes.computeIfAbsent(name, key -> new ArrayList<>()).add(expert);
    }

    /** Returns the text encoders that an adapter changes. */
    Set<TextTower> changedTowers() {
        Set<TextTower> towers = EnumSet.noneOf(TextTower.class);
        reports.stream()
                .flatMap(report -> report.matched().stream())
                .forEach(module -> TextTower.of(module).ifPresent(towers::add));
        return towers;
    }

    /** Returns the weights whose names begin with {@code prefix}, under the rest of their names. */
    Weights part(String prefix) {
        return new Part(this, prefix);
    }

    /** The weights of the transformer alone. */
    Weights transformer() {
        return part("");
    }

    private record Part(MergedWeights all, String prefix) implements Weights {
        @Override
        public Set<String> names() {
            return all.names().stream()
                    .filter(
                            name ->
                                    prefix.isEmpty()
                                            ? TextTower.of(name).isEmpty()
                                            : name.startsWith(prefix))
                    .map(name -> name.substring(prefix.length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        public long[] shape(String name) {
            return all.shape(prefix + name);
        }

        @Override
        public DType dtype(String name) {
            return all.dtype(prefix + name);
        }

        @Override
        public Tensor open(Scope scope, String name) {
            return all.open(scope, prefix + name);
        }

        @Override
        public String origin() {
            return all.origin();
        }
    }

    /** Returns the match of each adapter with the model, in the order they were given. */
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
        List<Expert> changing = changes.getOrDefault(name, List.of());
        if (changing.isEmpty()) {
            return base.open(scope, name);
        }
        boolean bias = name.endsWith(BIAS);
        String ending = bias ? BIAS : TargetModules.WEIGHT;
        String module = name.substring(0, name.length() - ending.length());
        Merge.Changed changed = new Merge.Changed(module, bias);
        try (Scope local = Scope.open("merged " + name)) {
            Tensor change =
                    Merge.change(local, method, changed, changing, experts, base.shape(name));
            return Merge.program().call(scope, "plus", base.open(local, name), change);
        }
    }

    @Override
    public String origin() {
        return base.origin();
    }
}
