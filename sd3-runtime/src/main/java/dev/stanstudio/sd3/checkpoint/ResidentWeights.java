package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Tensors kept on a device in their stored type, so that 8-bit weights stay 8-bit there and are
 * widened layer by layer. Thread-safe.
 */
public final class ResidentWeights implements Weights, AutoCloseable {
    private final Weights base;
    private final Device device;
    private Scope scope = Scope.open("resident weights");
    private final Map<String, Tensor> held = new HashMap<>();

    /** Tensors of {@code base}, moved to {@code device} when they are first asked for. */
    public ResidentWeights(Weights base, Device device) {
        this.base = base;
        this.device = device;
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
    public synchronized Tensor open(Scope owner, String name) {
        Tensor tensor = held.get(name);
        if (tensor == null) {
            try (Scope local = Scope.open(name)) {
                tensor = Tensors.to(scope, base.open(local, name), device, base.dtype(name));
            }
            held.put(name, tensor);
        }
        return Tensors.share(owner, tensor);
    }

    @Override
    public synchronized void release() {
        held.clear();
        scope.close();
        scope = Scope.open("resident weights");
    }

    @Override
    public String origin() {
        return base.origin();
    }

    @Override
    public synchronized void close() {
        held.clear();
        scope.close();
    }
}
