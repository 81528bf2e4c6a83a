package dev.stanstudio.adapter.project;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adapters ready to be added to a network's projections: cast, moved and arranged. Thread-safe; any
 * number of requests share it while it is open.
 */
public final class ActiveAdapters implements AutoCloseable {
    /**
     * An adapter and how strongly it counts.
     *
     * @param source the adapter
     * @param weight 1 as trained, 0 not at all; may be negative
     * @param modules which of its modules are applied
     */
    public record Weighted(AdapterSource source, double weight, List<String> modules) {
        /** Refuses a weight that is not finite; keeps a copy of the modules. */
        public Weighted {
            modules = List.copyOf(modules);
            if (!Double.isFinite(weight)) {
                throw new IllegalArgumentException(
                        "the weight of adapter "
                                + source.name()
                                + " must be a number, not "
                                + weight);
            }
        }
    }

    private final Scope scope = Scope.open("adapters");
    private final NavigableMap<Integer, Adapters> byFirstStep = new TreeMap<>();
    private final Map<String, TensorList> recorded = new LinkedHashMap<>();

    private ActiveAdapters(
            List<Weighted> adapters,
            List<FeatureChange> features,
            Collection<String> watched,
            int blocks,
            Placement placement) {
        AdapterProgramBuilder changes = new AdapterProgramBuilder(blocks, false);
        try (Scope loading = Scope.open("loading")) {
            for (int i = 0; i < adapters.size(); i++) {
                Weighted weighted = adapters.get(i);
                if (weighted.weight() != 0) {
                    for (String module : weighted.modules()) {
                        add(loading, changes, i, weighted, module, placement);
                    }
                }
            }
            for (String module : watched) {
                recorded.put(module, watch(loading, changes, adapters.get(0), module, placement));
            }
            Adapters plain = changes.arrange(scope);
            for (int step : SteeredModules.firstSteps(features)) {
                Map<AdapterProgramBuilder.Steered, Steering> plan =
                        SteeredModules.plan(features, adapters, step);
                byFirstStep.put(
                        step,
                        plan.isEmpty()
                                ? plain
                                : changes.arrange(
                                        scope,
                                        new AdapterProgramBuilder.Plan(plan, placement),
                                        plain));
            }
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /**
     * Reads and arranges adapters.
     *
     * @param blocks how many blocks the network has
     * @param placement where and in which type the network computes
     * @throws UserException if an adapter holds numbers that are not finite, or changes a module
     *     that cannot be changed while the model runs
     */
    public static ActiveAdapters load(List<Weighted> adapters, int blocks, Placement placement) {
        return load(adapters, List.of(), blocks, placement);
    }

    /**
     * As {@link #load(List, int, Placement)} with features steered.
     *
     * @throws dev.stanstudio.base.ArgumentException if a change names a layer that no adapter has
     *     as STAN, or a feature that it does not have
     */
    public static ActiveAdapters load(
            List<Weighted> adapters,
            List<FeatureChange> features,
            int blocks,
            Placement placement) {
        SteeredModules.check(features, adapters);
        return new ActiveAdapters(adapters, features, List.of(), blocks, placement);
    }

    /**
     * One adapter that changes what it always does, bit for bit, and keeps the features of {@code
     * modules} beside it. Belongs to one thread, unlike others.
     */
    public static ActiveAdapters recording(
            Weighted adapter, Collection<String> modules, int blocks, Placement placement) {
        return new ActiveAdapters(List.of(adapter), List.of(), modules, blocks, placement);
    }

    private TensorList watch(
            Scope loading,
            AdapterProgramBuilder changes,
            Weighted weighted,
            String module,
            Placement placement) {
        AdapterSource source = weighted.source();
        ProjectionPart part = source.part(module);
        Tensor encoder = tensor(loading, source, module, part.encoder(), placement);
        return changes.record(scope, module, part, encoder);
    }

    /**
     * The features of {@code module} in every forward pass since the last call, which are forgotten
     * by this: topk(E x), or E x for low-rank kinds, [B, T, l] each. {@code scope} owns the list.
     */
    public TensorList recorded(Scope scope, String module) {
        TensorList kept = recorded.get(module);
        if (kept == null) {
            throw new IllegalArgumentException(module + " is not recorded");
        }
        return AdapterProgramBuilder.recorded(scope, kept);
    }

    private static void add(
            Scope scope,
            AdapterProgramBuilder changes,
            int index,
            Weighted weighted,
            String module,
            Placement placement) {
        AdapterSource source = weighted.source();
        ProjectionPart part = source.part(module);
        long[] shape = source.modules().get(module);
        if (shape == null) {
            throw new IllegalArgumentException(source.name() + " does not change " + module);
        }
        changes.add(
                index,
                module,
                shape[0],
                part,
                weighted.weight(),
                tensor(scope, source, module, part.encoder(), placement),
                optional(scope, source, module, part.decoder(), placement),
                optional(scope, source, module, part.gate(), placement));
    }

    private static @Nullable Tensor optional(
            Scope scope,
            AdapterSource source,
            String module,
            @Nullable String name,
            Placement placement) {
        return name == null ? null : tensor(scope, source, module, name, placement);
    }

    private static Tensor tensor(
            Scope scope, AdapterSource source, String module, String name, Placement placement) {
        Tensor stored = source.open(scope, module, name);
        if (!Tensors.allFinite(stored)) {
            throw new UserException(
                    source.name()
                            + ": "
                            + module
                            + "."
                            + name
                            + " holds numbers that are not finite; its training diverged or the"
                            + " file is damaged");
        }
        return Tensors.to(scope, stored, placement.device(), placement.dtype());
    }

    /** What a network takes. */
    public Adapters adapters() {
        return adapters(1);
    }

    /** What a network takes in denoising step {@code step}, counted from 1. */
    public Adapters adapters(int step) {
        return byFirstStep.floorEntry(step).getValue();
    }

    @Override
    public void close() {
        scope.close();
    }
}
