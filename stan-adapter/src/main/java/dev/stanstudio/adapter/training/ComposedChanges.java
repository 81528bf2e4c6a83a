package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.Composition;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.training.ParameterSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Changes [out, in] of weights that are computed from trained tensors. The network is given the
 * changes and answers with their gradients, from which those of the tensors follow; so nothing in
 * it depends on the kind, and memory holds each change, its gradient and its weight in fp32.
 * Belongs to one training.
 */
final class ComposedChanges implements AutoCloseable {
    private static final class Holder {
        static final Program PROGRAM = Program.load(ComposedChanges.class, "compose.ts.py");
    }

    private final Scope scope = Scope.open("composed changes");
    private final Composition composition;
    private final Map<String, List<Tensor>> tensors = new LinkedHashMap<>();
    private final Map<String, Tensor> bases = new LinkedHashMap<>();
    private final ParameterSet changes;

    /**
     * The changes of {@code adapter}'s modules.
     *
     * @param base weights of the model, {@code <module>.weight}
     */
    ComposedChanges(
            AdapterParameters adapter, Composition composition, Device device, Weights base) {
        this.composition = composition;
        Map<String, Tensor> parameters = adapter.parameters().byName();
        try (Scope local = Scope.open("zeros")) {
            Map<String, Tensor> zeros = new LinkedHashMap<>();
            adapter.modules()
                    .forEach(
                            (module, shape) -> {
                                zeros.put(module, Tensors.zeros(local, shape, DType.FP32, device));
                                Tensor weight = base.open(local, module + ".weight");
                                bases.put(module, Tensors.to(scope, weight, device, DType.FP32));
                                List<Tensor> own = new ArrayList<>();
                                for (AdapterTensor tensor :
                                        adapter.kind().tensors(module, shape[0], shape[1])) {
                                    own.add(parameters.get(module + "." + tensor.name()));
                                }
                                tensors.put(module, own);
                            });
            changes = ParameterSet.of(device, zeros);
        }
    }

    /** Sets what begins at the base. */
    void begin() {
        if (!composition.rule().beginsAtBase()) {
            return;
        }
        try (Scope local = Scope.open("begin");
                Autograd paused = Autograd.pause()) {
            bases.forEach(
                    (module, base) -> {
                        List<Tensor> own = of(tensors, module);
                        Tensor lengths = Holder.PROGRAM.call(local, "row_lengths", base);
                        Holder.PROGRAM.callLong("set_values", own.get(own.size() - 1), lengths);
                    });
        }
    }

    private static <T> T of(Map<String, T> byModule, String module) {
        return Objects.requireNonNull(byModule.get(module), module);
    }

    /**
     * Returns the changes by module, which the network is given, and whose gradients {@link
     * #chained} takes; who is given them closes them.
     */
    ParameterSet changes() {
        return changes;
    }

    /** Computes the changes of the tensors as they are. */
    void refresh() {
        try (Autograd paused = Autograd.pause()) {
            changes.byName()
                    .forEach(
                            (module, change) -> {
                                try (Scope local = Scope.open(module)) {
                                    Tensor made =
                                            Holder.PROGRAM.call(
                                                    local,
                                                    composition.rule().method(),
                                                    of(bases, module),
                                                    Tensors.list(local, of(tensors, module)),
                                                    composition.scale());
                                    Holder.PROGRAM.callLong("set_values", change, made);
                                }
                            });
        }
    }

    /** Returns the gradients of the tensors, in the parameters' order; {@code local} owns them. */
    List<Tensor> chained(Scope local, List<Tensor> gradients) {
        List<Tensor> chained = new ArrayList<>();
        int place = 0;
        try (Autograd paused = Autograd.pause()) {
            for (Map.Entry<String, List<Tensor>> entry : tensors.entrySet()) {
                TensorList own =
                        Holder.PROGRAM.callList(
                                local,
                                composition.rule().method() + "_gradients",
                                of(bases, entry.getKey()),
                                Tensors.list(local, entry.getValue()),
                                composition.scale(),
                                gradients.get(place++));
                for (int i = 0; i < entry.getValue().size(); i++) {
                    chained.add(Tensors.get(local, own, i));
                }
            }
        }
        return chained;
    }

    @Override
    public void close() {
        scope.close();
    }
}
