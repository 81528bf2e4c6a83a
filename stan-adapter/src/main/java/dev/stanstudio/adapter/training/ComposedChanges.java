package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
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

    /**
     * The sources of the change of a module.
     *
     * @param base W, or a stand-in where it does not enter
     * @param tensors the trained ones, in the kind's order
     */
    private record Part(Composition composition, Tensor base, List<Tensor> tensors) {
        Tensor change(Scope scope) {
            return Holder.PROGRAM.call(
                    scope,
                    composition.rule().method(),
                    base,
                    Tensors.list(scope, tensors),
                    composition.scale(),
                    composition.settings().stream().mapToLong(Long::longValue).toArray());
        }
    }

    private final Scope scope = Scope.open("composed changes");
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final ParameterSet changes;

    /**
     * The changes of {@code adapter}'s modules.
     *
     * @param base weights of the model, {@code <module>.weight}
     */
    ComposedChanges(AdapterParameters adapter, Device device, Weights base) {
        try (Scope local = Scope.open("zeros")) {
            Map<String, Tensor> zeros = new LinkedHashMap<>();
            adapter.modules()
                    .forEach(
                            (module, shape) -> {
                                zeros.put(module, Tensors.zeros(local, shape, DType.FP32, device));
                                parts.put(module, part(adapter, module, shape, device, base));
                            });
            changes = ParameterSet.of(device, zeros);
        }
    }

    private Part part(
            AdapterParameters adapter, String module, long[] shape, Device device, Weights base) {
        AdapterKind kind = adapter.kind();
        Composition composition = AdapterParameters.composition(kind, module, shape).orElseThrow();
        List<Tensor> own = new ArrayList<>();
        for (AdapterTensor tensor : kind.tensors(module, shape[0], shape[1])) {
            own.add(of(adapter.parameters().byName(), module + "." + tensor.name()));
        }
        return new Part(
                composition,
                composition.rule().needsBase() ? weight(module, device, base) : own.get(0),
                own);
    }

    private Tensor weight(String module, Device device, Weights base) {
        try (Scope local = Scope.open(module)) {
            Tensor stored = base.open(local, module + ".weight");
            return Tensors.recordable(scope, Tensors.to(local, stored, device, DType.FP32));
        }
    }

    private static <T> T of(Map<String, T> byName, String name) {
        return Objects.requireNonNull(byName.get(name), name);
    }

    /** Sets what begins at the base. */
    void begin() {
        try (Autograd paused = Autograd.pause()) {
            for (Part part : parts.values()) {
                if (part.composition().rule().beginsAtBase()) {
                    try (Scope local = Scope.open("begin")) {
                        Tensor lengths = Holder.PROGRAM.call(local, "row_lengths", part.base());
                        List<Tensor> own = part.tensors();
                        Holder.PROGRAM.callLong("set_values", own.get(own.size() - 1), lengths);
                    }
                }
            }
        }
    }

    /** Brings tensors that an update has moved too far back within their limits. */
    void limit() {
        try (Autograd paused = Autograd.pause()) {
            for (Part part : parts.values()) {
                if (part.composition().limited()) {
                    Holder.PROGRAM.callLong(
                            "limit", part.tensors().get(0), part.composition().scale());
                }
            }
        }
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
                                    Tensor made = of(parts, module).change(local);
                                    Holder.PROGRAM.callLong("set_values", change, made);
                                }
                            });
        }
    }

    /** Returns the gradients of the tensors, in the parameters' order; {@code local} owns them. */
    List<Tensor> chained(Scope local, List<Tensor> gradients) {
        List<Tensor> chained = new ArrayList<>();
        int place = 0;
        for (Part part : parts.values()) {
            try (Autograd recording = Autograd.record();
                    Scope one = Scope.open("chain")) {
                TensorList own =
                        Holder.PROGRAM.callList(
                                one,
                                "chained",
                                part.change(one),
                                Tensors.list(one, part.tensors()),
                                gradients.get(place++));
                for (int i = 0; i < part.tensors().size(); i++) {
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
