package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.training.ParameterSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * AdaLoRA's budget (Zhang et al. 2023, algorithm 1) as PEFT keeps it (tuners/adalora/layer.py,
 * RankAllocator): importance is smoothed until the budget has settled; now and then the least
 * important singular values are set to zero, and after the last cut they stay zero.
 */
final class BudgetAllocation implements TrainingHook {
    private final Scope scope = Scope.open("budget");
    private final AdaLora kind;
    private final long steps;
    private final long initial;
    private final long target;
    private final TensorList parameters;
    private final TensorList sensitivity;
    private final TensorList uncertainty;
    private final TensorList values;
    private final TensorList masks;
    private final Map<String, Tensor> state = new LinkedHashMap<>();

    BudgetAllocation(AdapterParameters adapter, AdaLora kind, long steps) {
        this.kind = kind;
        this.steps = steps;
        initial = (long) kind.initialRank() * adapter.modules().size();
        target = (long) kind.targetRank() * adapter.modules().size();
        List<Tensor> mask = new ArrayList<>();
        List<Tensor> valueTensors = new ArrayList<>();
        List<Tensor> sensed = new ArrayList<>();
        List<Tensor> varied = new ArrayList<>();
        adapter.parameters()
                .byName()
                .forEach(
                        (name, tensor) -> {
                            sensed.add(extra("sensitivity." + name, tensor, 0));
                            varied.add(extra("uncertainty." + name, tensor, 0));
                            if (!name.endsWith(AdaLora.DOWN) && !name.endsWith(AdaLora.UP)) {
                                valueTensors.add(tensor);
                                mask.add(extra("mask." + name, tensor, 1));
                            }
                        });
        parameters = adapter.parameters().list();
        sensitivity = Tensors.list(scope, sensed);
        uncertainty = Tensors.list(scope, varied);
        values = Tensors.list(scope, valueTensors);
        masks = Tensors.list(scope, mask);
    }

    private Tensor extra(String name, Tensor like, double value) {
        Tensor made =
                AdapterParameters.program()
                        .call(scope, "constant", like.shape(), value, Device.CPU);
        Tensor placed = AdapterParameters.program().call(scope, "beside", made, like);
        state.put(name, placed);
        return placed;
    }

    /** Singular values that may be left after update {@code step}: a cubic descent. */
    long budget(long step) {
        AdaLora.Schedule schedule = kind.schedule();
        if (step <= schedule.warmUp()) {
            return initial;
        } else if (step > steps - schedule.settled()) {
            return target;
        }
        double left =
                1
                        - (double) (step - schedule.warmUp())
                                / (steps - schedule.settled() - schedule.warmUp());
        return (long) ((initial - target) * Math.pow(left, 3) + target);
    }

    private boolean cuts(long step) {
        AdaLora.Schedule schedule = kind.schedule();
        boolean due = step > schedule.warmUp() && step % schedule.interval() == 0;
        return due || step == steps - schedule.settled();
    }

    @Override
    public Tensor term(Scope local, ParameterSet all) {
        return AdapterParameters.program()
                .call(
                        local,
                        "orthogonality",
                        ending(local, all, AdaLora.DOWN),
                        ending(local, all, AdaLora.UP),
                        kind.orthogonality());
    }

    private static TensorList ending(Scope local, ParameterSet all, String end) {
        List<Tensor> found = new ArrayList<>();
        all.byName()
                .forEach(
                        (name, tensor) -> {
                            if (name.endsWith(end)) {
                                found.add(tensor);
                            }
                        });
        return Tensors.list(local, found);
    }

    @Override
    public void after(Update update) {
        long last = steps - kind.schedule().settled();
        if (update.number() > last) {
            AdapterParameters.program().callLong("apply", values, masks);
            return;
        }
        try (Scope local = Scope.open("allocate")) {
            if (update.number() < last) {
                sense(local, update);
            }
            long cut = initial - budget(update.number());
            if (cuts(update.number()) && cut > 0) {
                Tensor scores =
                        AdapterParameters.program()
                                .call(local, "importance", sensitivity, uncertainty);
                AdapterParameters.program().callLong("mask_least_important", scores, cut, masks);
                AdapterParameters.program().callLong("apply", values, masks);
            }
        }
    }

    private void sense(Scope local, Update update) {
        AdapterParameters.program()
                .callLong(
                        "update_sensitivity",
                        parameters,
                        Tensors.list(local, update.gradients()),
                        sensitivity,
                        uncertainty,
                        update.clip(),
                        kind.sensitivityDecay(),
                        kind.uncertaintyDecay());
    }

    @Override
    public Map<String, Tensor> state() {
        return state;
    }

    @Override
    public Map<String, Double> numbers() {
        try (Scope local = Scope.open("count")) {
            Tensor count = AdapterParameters.program().call(local, "nonzero", values);
            return Map.of("ranks", (double) count.toFloats()[0]);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
