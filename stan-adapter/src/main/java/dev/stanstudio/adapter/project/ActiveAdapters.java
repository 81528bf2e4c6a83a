package dev.stanstudio.adapter.project;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Adapters;
import java.util.List;
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
    private final Adapters arranged;

    private ActiveAdapters(List<Weighted> adapters, int blocks, Placement placement) {
        Changes changes = new Changes(blocks, false);
        try (Scope loading = Scope.open("loading")) {
            for (int i = 0; i < adapters.size(); i++) {
                Weighted weighted = adapters.get(i);
                if (weighted.weight() != 0) {
                    for (String module : weighted.modules()) {
                        add(loading, changes, i, weighted, module, placement);
                    }
                }
            }
            arranged = changes.arrange(scope);
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
        return new ActiveAdapters(adapters, blocks, placement);
    }

    private static void add(
            Scope scope,
            Changes changes,
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
        return arranged;
    }

    @Override
    public void close() {
        scope.close();
    }
}
