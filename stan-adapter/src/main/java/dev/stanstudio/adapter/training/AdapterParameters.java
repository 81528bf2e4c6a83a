package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.Composition;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.TextLists;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.text.TextAdapters;
import dev.stanstudio.sd3.text.TextTower;
import dev.stanstudio.training.ParameterSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of an adapter as parameters in fp32, named {@code <module>.<tensor>}, and arranged
 * for the projections. Belongs to one training.
 */
public final class AdapterParameters implements AutoCloseable {

    private static final class Holder {
        static final Program PROGRAM = Program.load(AdapterParameters.class, "hooks.ts.py");
    }

    private final AdapterKind kind;
    private final Map<String, long[]> modules;
    private final ParameterSet parameters;
    private final PlacedAdapter placed;
    private final @Nullable ComposedChanges composed;

    private AdapterParameters(
            AdapterKind kind,
            Map<String, long[]> modules,
            int blocks,
            Device device,
            Map<String, Tensor> initial,
            StepVariants variants,
            @Nullable Weights base) {
        this.kind = kind;
        this.modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
        this.parameters = ParameterSet.of(device, initial);
        PlacedAdapter.Layout layout =
                new PlacedAdapter.Layout(kind, this.modules, blocks, variants);
        composed =
                layout.composed() ? new ComposedChanges(this, device, required(kind, base)) : null;
        placed = new PlacedAdapter(layout, composed == null ? parameters : composed.changes());
    }

    /**
     * Draws the first values of an adapter from {@code seed}.
     *
     * @param modules weight shape [out, in] by module path
     * @param blocks how many blocks the network has
     */
    public static AdapterParameters fresh(
            AdapterKind kind, Map<String, long[]> modules, int blocks, Device device, long seed) {
        return fresh(kind, modules, blocks, device, seed, null);
    }

    /**
     * The same of a kind whose changes may follow from the model's weights.
     *
     * @param base the weights, or null for kinds that do without
     */
    static AdapterParameters fresh(
            AdapterKind kind,
            Map<String, long[]> modules,
            int blocks,
            Device device,
            long seed,
            @Nullable Weights base) {
        try (Scope drawing = Scope.open("first values")) {
            RandomSource random = RandomSource.seeded(drawing, seed);
            Map<String, Tensor> initial = new LinkedHashMap<>();
            modules.forEach(
                    (module, shape) -> {
                        for (AdapterTensor tensor : kind.tensors(module, shape[0], shape[1])) {
                            initial.put(
                                    module + "." + tensor.name(), draw(drawing, random, tensor));
                        }
                    });
            AdapterParameters made =
                    new AdapterParameters(
                            kind, modules, blocks, device, initial, StepVariants.NONE, base);
            if (made.composed != null) {
                made.composed.begin();
            }
            return made;
        }
    }

    static Optional<Composition> composition(AdapterKind kind, String module, long[] shape) {
        return kind.composition(module, shape[0], shape[1]);
    }

    private static Weights required(AdapterKind kind, @Nullable Weights base) {
        if (base == null) {
            throw new IllegalArgumentException(kind.label() + " needs the model's weights");
        }
        return base;
    }

    /**
     * Returns a copy of which {@code variants} can leave something out: low-rank products have
     * gates of 1, which {@link RankDropout} moves, and every module a choice of inputs for {@link
     * InputDropout}.
     */
    AdapterParameters withDropout(
            int blocks, Device device, StepVariants variants, @Nullable Weights base) {
        return new AdapterParameters(
                kind, modules, blocks, device, parameters.byName(), variants, base);
    }

    /**
     * Begins with an adapter that was trained before.
     *
     * @param source an adapter of the same kind, sizes and targets
     * @throws UserException if it is not
     */
    public static AdapterParameters after(
            AdapterKind kind,
            Map<String, long[]> modules,
            int blocks,
            Device device,
            AdapterSource source) {
        try (Scope reading = Scope.open("earlier values")) {
            Map<String, Tensor> values = new LinkedHashMap<>();
            modules.forEach(
                    (module, shape) -> {
                        for (AdapterTensor tensor : kind.tensors(module, shape[0], shape[1])) {
                            values.put(
                                    module + "." + tensor.name(),
                                    earlier(reading, source, module, tensor));
                        }
                    });
            return of(kind, modules, blocks, device, values);
        }
    }

    private static Tensor earlier(
            Scope scope, AdapterSource source, String module, AdapterTensor tensor) {
        if (!source.modules().containsKey(module)) {
            throw new UserException(
                    "%s has nothing for %s; give it the same --targets%s"
                            .formatted(
                                    source.name(),
                                    module,
                                    TextLists.holds(module) ? " and --text-encoders" : ""));
        }
        Tensor value = source.openFinite(scope, module, tensor.name());
        List<Long> shape = Arrays.stream(value.shape()).boxed().toList();
        if (!shape.equals(tensor.shape())) {
            throw new UserException(
                    "%s: %s of %s is %s, not %s; give the sizes that it was trained with"
                            .formatted(
                                    source.name(), tensor.name(), module, shape, tensor.shape()));
        }
        return value;
    }

    /** Makes an adapter with given values, by {@code <module>.<tensor>}. */
    public static AdapterParameters of(
            AdapterKind kind,
            Map<String, long[]> modules,
            int blocks,
            Device device,
            Map<String, Tensor> values) {
        return of(kind, modules, blocks, device, values, null);
    }

    /** The same of a kind whose changes may follow from the weights {@code base} of the model. */
    static AdapterParameters of(
            AdapterKind kind,
            Map<String, long[]> modules,
            int blocks,
            Device device,
            Map<String, Tensor> values,
            @Nullable Weights base) {
        Map<String, Tensor> initial = new LinkedHashMap<>();
        modules.forEach(
                (module, shape) -> {
                    for (AdapterTensor tensor : kind.tensors(module, shape[0], shape[1])) {
                        String name = module + "." + tensor.name();
                        Tensor value = values.get(name);
                        if (value == null) {
                            throw new IllegalArgumentException("there is no value for " + name);
                        }
                        initial.put(name, value);
                    }
                });
        return new AdapterParameters(
                kind, modules, blocks, device, initial, StepVariants.NONE, base);
    }

    private static Tensor draw(Scope scope, RandomSource random, AdapterTensor tensor) {
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        double scale = tensor.start().scale();
        return switch (tensor.start().distribution()) {
            case CONSTANT -> program().call(scope, "constant", shape, scale, Device.CPU);
            case NORMAL ->
                    program()
                            .call(
                                    scope,
                                    "scaled",
                                    random.normal(scope, shape, DType.FP32),
                                    scale,
                                    0.0);
            case UNIFORM ->
                    program()
                            .call(
                                    scope,
                                    "scaled",
                                    random.uniform(scope, shape, DType.FP32),
                                    2 * scale,
                                    -scale);
        };
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    /** Returns kind and settings. */
    public AdapterKind kind() {
        return kind;
    }

    /** Returns the weight shape [out, in] by module path. */
    public Map<String, long[]> modules() {
        return modules;
    }

    /** Returns the trained tensors. */
    public ParameterSet parameters() {
        return parameters;
    }

    /** Returns the adapter as the network on its own device is given it. */
    PlacedAdapter placed() {
        return placed;
    }

    /** Computes what the network is given, where that is not the parameters themselves. */
    void refresh() {
        if (composed != null) {
            composed.refresh();
        }
    }

    /** Brings tensors that an update has moved too far back within their limits. */
    void limit() {
        if (composed != null) {
            composed.limit();
        }
    }

    /** Returns the parameters' gradients from those of what the network is given. */
    List<Tensor> chained(Scope local, List<Tensor> gradients) {
        return composed == null ? gradients : composed.chained(local, gradients);
    }

    /** Returns the names of the trained tensors that weight decay leaves alone. */
    Set<String> undecayed() {
        Set<String> names = new HashSet<>();
        modules.forEach(
                (module, shape) ->
                        kind.tensors(module, shape[0], shape[1]).stream()
                                .filter(tensor -> !tensor.decayed())
                                .forEach(tensor -> names.add(module + "." + tensor.name())));
        return names;
    }

    /**
     * Returns the rates' factors, by name, of tensors whose factor is not 1.
     *
     * @param outputs factor of the matrices that make outputs
     * @param texts factors of the text encoders' tensors; 1 where none is named
     */
    Map<String, Double> rates(double outputs, Map<TextTower, Double> texts) {
        Map<String, Double> rates = new LinkedHashMap<>();
        modules.forEach(
                (module, shape) -> {
                    Set<String> makeOutputs =
                            Set.copyOf(kind.outputTensors(module, shape[0], shape[1]));
                    double own =
                            TextTower.of(module).map(t -> texts.getOrDefault(t, 1.0)).orElse(1.0);
                    for (AdapterTensor tensor : kind.tensors(module, shape[0], shape[1])) {
                        double factor = (makeOutputs.contains(tensor.name()) ? outputs : 1) * own;
                        if (factor != 1) {
                            rates.put(module + "." + tensor.name(), factor);
                        }
                    }
                });
        return rates;
    }

    /** Returns {@code last}, by name, for the tensors of text encoders. */
    Map<String, Long> lasts(long last) {
        Map<String, Long> lasts = new LinkedHashMap<>();
        modules.forEach(
                (module, shape) -> {
                    if (TextLists.holds(module)) {
                        kind.tensors(module, shape[0], shape[1])
                                .forEach(tensor -> lasts.put(module + "." + tensor.name(), last));
                    }
                });
        return lasts;
    }

    /**
     * Returns the tensors that rules change instead of gradients, by name: the masks of a sparse
     * adapter, the lives of STAN's features.
     */
    public Map<String, Tensor> states() {
        return placed.states();
    }

    /** Returns the form that the transformer takes; it sees every change of the parameters. */
    public Adapters adapters() {
        return placed.adapters();
    }

    /** Returns the form that the text encoders take; it sees every change of the parameters. */
    TextAdapters text() {
        return placed.text();
    }

    @Override
    public void close() {
        placed.close();
        if (composed != null) {
            composed.close();
            parameters.close();
        }
    }
}
