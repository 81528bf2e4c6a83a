package dev.stanstudio.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.TensorMap;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Exponential moving averages of parameters; pictures made with them are better than with the
 * parameters themselves. The decay grows with the steps, min(decay, (1 + n) / (10 + n)), so that
 * the initial values lose their weight. Belongs to one training.
 */
public final class Averages implements AutoCloseable {
    private final ParameterSet parameters;
    private final double decay;
    private final Scope scope = Scope.open("averages");
    private final List<Tensor> tensors = new ArrayList<>();
    private final TensorList list;

    /** Averages that start at the parameters' present values. */
    public Averages(ParameterSet parameters, double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new ArgumentException("--ema must be at least 0 and less than 1, not " + decay);
        }
        this.parameters = parameters;
        this.decay = decay;
        for (Tensor parameter : parameters.tensors()) {
            tensors.add(AdamW.program().call(scope, "zeros_like", parameter));
        }
        list = Tensors.list(scope, tensors);
        restore(parameters.tensors());
    }

    /** Moves the averages after update number {@code step}. */
    public void update(long step) {
        follow(Math.min(decay, (1.0 + step) / (10.0 + step)));
    }

    /** Moves the averages with the given decay, whatever the step. */
    public void follow(double now) {
        try (Autograd paused = Autograd.pause()) {
            AdamW.program().callLong("average", list, parameters.list(), now);
        }
    }

    /** The averages under the parameters' names, read-only; valid while this training lives. */
    public Weights weights() {
        Map<String, Tensor> byName = new LinkedHashMap<>();
        int i = 0;
        for (String name : parameters.names()) {
            byName.put(name, tensors.get(i++));
        }
        return new TensorMap("the averaged parameters", byName);
    }

    /** The averages in the parameters' order. */
    public List<Tensor> tensors() {
        return List.copyOf(tensors);
    }

    /** Sets the averages. */
    void restore(List<Tensor> values) {
        try (Scope local = Scope.open("restore")) {
            AdamW.program().callLong("copy_all", list, Tensors.list(local, values));
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
