package dev.stanstudio.adapter.project;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Adapters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An adapter as it is, and beside it recorders of what its modules are given: x, not E x. */
public final class CapturedInputs {
    private final Map<String, TensorList> captured = new LinkedHashMap<>();
    private final Adapters adapters;

    /** Captures in all modules of {@code source}; {@code scope} owns everything. */
    public CapturedInputs(Scope scope, AdapterSource source, int blocks) {
        Placement placement = new Placement(Device.CPU, DType.FP32);
        ProjectionListsBuilder lists = new ProjectionListsBuilder(blocks, false);
        List<String> modules = List.copyOf(source.modules().keySet());
        for (OpenPart part : source.parts(scope, modules, placement)) {
            lists.add(0, 1, part);
        }
        for (String module : modules) {
            long in = Objects.requireNonNull(source.modules().get(module))[1];
            captured.put(
                    module,
                    lists.record(
                            scope,
                            new OpenPart(
                                    module,
                                    in,
                                    ProjectionPart.lowRank(in, 1, "", "", null),
                                    Tensors.identity(scope, in, DType.FP32, Device.CPU),
                                    null,
                                    null)));
        }
        adapters = lists.build(scope);
    }

    /** The adapter with the recorders. */
    public Adapters adapters() {
        return adapters;
    }

    /** The modules. */
    public List<String> modules() {
        return List.copyOf(captured.keySet());
    }

    /** Inputs of a module in every pass since the last call, [B, T, n] each. */
    public TensorList take(Scope scope, String module) {
        return ProjectionListsBuilder.recorded(scope, Objects.requireNonNull(captured.get(module)));
    }
}
