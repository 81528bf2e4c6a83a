package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.project.OpenPart;
import dev.stanstudio.adapter.project.ProjectionListsBuilder;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.adapter.project.TextLists;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.text.TextAdapters;
import dev.stanstudio.training.ParameterSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An adapter as a network on one device is given it: the tensors that gradients are of, the states
 * beside them, both arranged for the projections. Belongs to one training.
 */
final class PlacedAdapter implements AutoCloseable {
    /**
     * The form of an adapter.
     *
     * @param modules weight shape [out, in] by module path
     * @param blocks how many blocks the network has
     * @param variants what steps leave out: low-rank products have gates, which {@link RankDropout}
     *     moves, or every module a choice of inputs for {@link InputDropout}
     */
    record Layout(
            AdapterKind kind, Map<String, long[]> modules, int blocks, StepVariants variants) {
        /** Returns whether the network is given changes of weights, named as their modules. */
        boolean composed() {
            return modules.entrySet().stream()
                    .anyMatch(
                            module ->
                                    AdapterParameters.composition(
                                                    kind, module.getKey(), module.getValue())
                                            .isPresent());
        }
    }

    private final Scope scope = Scope.open("placed adapter");
    private final Layout layout;
    private final ParameterSet given;
    private final Map<String, Tensor> states = new LinkedHashMap<>();
    private final List<Tensor> dropouts = new ArrayList<>();
    private final boolean composed;
    private final Adapters adapters;
    private final TextAdapters text;

    /** Arranges {@code given}, which this then owns. */
    PlacedAdapter(Layout layout, ParameterSet given) {
        this.layout = layout;
        this.given = given;
        this.composed = layout.composed();
        ProjectionListsBuilder changes = new ProjectionListsBuilder(layout.blocks(), true);
        TextLists texts = new TextLists(true);
        layout.modules()
                .forEach(
                        (module, shape) -> {
                            OpenPart part = open(module, shape);
                            if (TextLists.holds(module)) {
                                texts.add(0, 1, part);
                            } else {
                                changes.add(0, 1, part);
                            }
                        });
        adapters = changes.build(scope);
        text = texts.build(scope, "in training");
    }

    private OpenPart open(String module, long[] shape) {
        ProjectionPart part = layout.kind().part(module, shape[0], shape[1]);
        return composed
                ? new OpenPart(module, shape[0], part, required(module), null, null, dropout())
                : new OpenPart(
                        module,
                        shape[0],
                        part,
                        required(module + "." + part.encoder()),
                        parameter(module, part.decoder()),
                        gate(module, shape, part),
                        dropout());
    }

    /** Says that no input is left out, until {@link InputDropout} says otherwise. */
    private @Nullable Tensor dropout() {
        if (layout.variants().inputDropout() == 0) {
            return null;
        }
        try (Autograd recording = Autograd.record()) {
            Tensor none =
                    AdapterParameters.program()
                            .call(scope, "constant", new long[] {3}, 0.0, device());
            dropouts.add(none);
            return none;
        }
    }

    private @Nullable Tensor gate(String module, long[] shape, ProjectionPart part) {
        Optional<AdapterTensor> state = layout.kind().state(module, shape[0], shape[1]);
        Optional<AdapterTensor> ranks =
                layout.variants().rankDropout() > 0 ? Optional.of(ranks(part)) : Optional.empty();
        Optional<AdapterTensor> held = state.or(() -> ranks);
        return held.isPresent() ? state(module, held.get()) : parameter(module, part.gate());
    }

    private static AdapterTensor ranks(ProjectionPart part) {
        return new AdapterTensor(
                "ranks",
                List.of(part.features()),
                new AdapterTensor.Start(AdapterTensor.Distribution.CONSTANT, 1));
    }

    /** Made while recording, so that gradients can pass it. */
    private Tensor state(String module, AdapterTensor tensor) {
        long[] shape = tensor.sizes();
        try (Autograd recording = Autograd.record()) {
            Tensor state =
                    AdapterParameters.program()
                            .call(scope, "constant", shape, tensor.start().scale(), device());
            states.put(module + "." + tensor.name(), state);
            return state;
        }
    }

    private @Nullable Tensor parameter(String module, @Nullable String tensor) {
        return tensor == null ? null : given.byName().get(module + "." + tensor);
    }

    private Tensor required(String name) {
        Tensor found = given.byName().get(name);
        if (found == null) {
            throw new IllegalArgumentException("no parameter is called " + name);
        }
        return found;
    }

    Device device() {
        return given.device();
    }

    /** Returns the tensors that the network's gradients are of. */
    ParameterSet given() {
        return given;
    }

    /** Returns the tensors that rules change instead of gradients, by name. */
    Map<String, Tensor> states() {
        return Collections.unmodifiableMap(states);
    }

    /** Returns what says which inputs are left out, one tensor for each module. */
    List<Tensor> dropouts() {
        return Collections.unmodifiableList(dropouts);
    }

    /** Returns the form that the text encoders take; it sees every change of the tensors. */
    TextAdapters text() {
        return text;
    }

    /** Returns the form that the transformer takes; it sees every change of the tensors. */
    Adapters adapters() {
        return adapters;
    }

    /** Returns the same on another device, or once more on this one. */
    PlacedAdapter copyTo(Device device) {
        PlacedAdapter copy = new PlacedAdapter(layout, ParameterSet.of(device, given.byName()));
        copy.follow(this);
        return copy;
    }

    /** Takes over the values of {@code leader}, whose copy this is. */
    void follow(PlacedAdapter leader) {
        change("set_all", given.tensors(), leader.given.tensors());
        change("set_all", List.copyOf(states.values()), List.copyOf(leader.states.values()));
        change("set_all", dropouts, leader.dropouts);
    }

    /**
     * Takes over what the network marked in the states of {@code follower}. A mark is larger than
     * none, and everything else is equal.
     */
    void takeMarks(PlacedAdapter follower) {
        change("take_larger", List.copyOf(states.values()), List.copyOf(follower.states.values()));
    }

    private static void change(String method, List<Tensor> tensors, List<Tensor> values) {
        if (tensors.isEmpty()) {
            return;
        }
        try (Scope local = Scope.open("copy of an adapter");
                Autograd paused = Autograd.pause()) {
            TensorList into = Tensors.list(local, tensors);
            AdapterParameters.program().callLong(method, into, Tensors.list(local, values));
        }
    }

    @Override
    public void close() {
        scope.close();
        given.close();
    }
}
