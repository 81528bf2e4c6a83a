package dev.stanstudio.training;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Trainable tensors in fp32 under their checkpoint names. As {@link Weights} it can be given to any
 * network, which is then trained under {@link dev.stanstudio.engine.Autograd}. Owned by one
 * training; the order of the names is the order of gradients and optimizer state.
 */
public final class ParameterSet implements Weights, AutoCloseable {
    private final Scope scope = Scope.open("parameters");
    private final Map<String, Tensor> byName;
    private final TensorList all;
    private final Device device;

    private ParameterSet(Device device, Map<String, Tensor> initial) {
        Map<String, Tensor> made = new LinkedHashMap<>();
        initial.forEach(
                (name, tensor) ->
                        made.put(name, Tensors.parameter(scope, tensor, device, DType.FP32)));
        byName = Collections.unmodifiableMap(made);
        all = Tensors.list(scope, List.copyOf(byName.values()));
        this.device = device;
    }

    /** Copies {@code initial} to {@code device} as parameters. */
    public static ParameterSet of(Device device, Map<String, Tensor> initial) {
        return new ParameterSet(device, initial);
    }

    /** Returns the device of the parameters. */
    public Device device() {
        return device;
    }

    /** The parameters in order, as programs take them. */
    public TensorList list() {
        return all;
    }

    /** The parameters in order. */
    public List<Tensor> tensors() {
        return new ArrayList<>(byName.values());
    }

    /** Name and tensor, in order. */
    public Map<String, Tensor> byName() {
        return byName;
    }

    /** Returns the number of trained numbers. */
    public long count() {
        return byName.values().stream().mapToLong(Tensor::elements).sum();
    }

    @Override
    public Set<String> names() {
        return byName.keySet();
    }

    @Override
    public long[] shape(String name) {
        return get(name).shape();
    }

    @Override
    public DType dtype(String name) {
        return DType.FP32;
    }

    @Override
    public Tensor open(Scope owner, String name) {
        return Tensors.share(owner, get(name));
    }

    private Tensor get(String name) {
        Tensor tensor = byName.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no parameter is called " + name);
        }
        return tensor;
    }

    @Override
    public String origin() {
        return "the parameters in training";
    }

    @Override
    public void close() {
        scope.close();
    }
}
