package dev.stanstudio.training;

import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** An optimizer that follows a rule: it clips gradients and owns what the rule remembers. */
final class RuleOptimizer implements Optimizer {
    private static final class Holder {
        static final Program PROGRAM = Program.load(RuleOptimizer.class, "rules.ts.py");
    }

    private final OptimizerRule rule;
    private final ParameterSet parameters;
    private final Scope scope = Scope.open("optimizer");
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final List<Map<String, Tensor>> memories = new ArrayList<>();
    private final Map<String, Double> numbers;
    private final List<ParameterRules.Group> groups = new ArrayList<>();
    private long steps;

    RuleOptimizer(OptimizerRule rule, ParameterSet parameters, ParameterRules rules) {
        this.rule = rule;
        this.parameters = parameters;
        this.numbers = new TreeMap<>(rule.firstNumbers());
        parameters.byName().forEach(this::remember);
        List<Tensor> tensors = parameters.tensors();
        for (boolean matrices : new boolean[] {true, false}) {
            for (Set<String> keys : kinds()) {
                groups.addAll(
                        rules.groups(
                                parameters,
                                i ->
                                        tensors.get(i).shape().length > 1 == matrices
                                                && memories.get(i).keySet().equals(keys)));
            }
        }
    }

    /** Returns what is remembered of a parameter, once for parameters that are alike in it. */
    private Set<Set<String>> kinds() {
        Set<Set<String>> kinds = new LinkedHashSet<>();
        memories.forEach(memory -> kinds.add(Set.copyOf(memory.keySet())));
        return kinds;
    }

    private void remember(String name, Tensor parameter) {
        Map<String, Tensor> own = new LinkedHashMap<>();
        rule.memory(parameter.shape())
                .forEach(
                        (key, memory) -> {
                            Tensor made =
                                    Tensors.zeros(
                                            scope,
                                            memory.shape(),
                                            memory.dtype(),
                                            parameters.device());
                            if (memory.copied()) {
                                copy(List.of(made), List.of(parameter));
                            }
                            own.put(key, made);
                            state.put(key + "/" + name, made);
                        });
        memories.add(own);
    }

    private static void copy(List<Tensor> into, List<Tensor> from) {
        try (Scope local = Scope.open("copy");
                Autograd paused = Autograd.pause()) {
            AdamW.program()
                    .callLong("copy_all", Tensors.list(local, into), Tensors.list(local, from));
        }
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public double update(List<Tensor> gradients, double learningRate) {
        try (Scope local = Scope.open("update");
                Autograd paused = Autograd.pause()) {
            TensorList list = Tensors.list(local, gradients);
            Tensor norm = AdamW.program().call(local, "global_norm", list);
            double length = AdamW.requireFinite(norm, steps + 1);
            List<Tensor> slopes =
                    rule.clip() > 0 ? clipped(local, list, norm, gradients.size()) : gradients;
            steps++;
            rule.move(
                    new RuleStep(
                            local,
                            parameters.device(),
                            parts(local, slopes),
                            steps,
                            learningRate,
                            numbers));
            return length;
        }
    }

    private List<Tensor> clipped(Scope local, TensorList gradients, Tensor norm, int count) {
        TensorList scaled = program().callList(local, "clipped", gradients, norm, rule.clip());
        List<Tensor> slopes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            slopes.add(Tensors.get(local, scaled, i));
        }
        return slopes;
    }

    private List<RuleStep.Part> parts(Scope local, List<Tensor> slopes) {
        List<Tensor> values = parameters.tensors();
        List<RuleStep.Part> parts = new ArrayList<>();
        for (ParameterRules.Group group : groups) {
            if (steps > group.last()) {
                continue;
            }
            Map<String, List<Tensor>> memory = new LinkedHashMap<>();
            for (int i : group.members()) {
                memories.get(i)
                        .forEach(
                                (key, tensor) ->
                                        memory.computeIfAbsent(key, k -> new ArrayList<>())
                                                .add(tensor));
            }
            parts.add(
                    new RuleStep.Part(
                            local,
                            group.members().stream().map(values::get).toList(),
                            group.members().stream().map(slopes::get).toList(),
                            memory,
                            group.decayed() ? rule.weightDecay() : 0,
                            group.factor()));
        }
        return parts;
    }

    @Override
    public Map<String, Tensor> state() {
        return Collections.unmodifiableMap(state);
    }

    @Override
    public Map<String, Double> numbers() {
        return Collections.unmodifiableMap(numbers);
    }

    @Override
    public Map<String, Double> reported() {
        return rule.reported(numbers);
    }

    @Override
    public void restore(long madeSteps, Map<String, Double> old) {
        steps = madeSteps;
        numbers.putAll(old);
    }

    @Override
    public void average(Averages averages) {
        if (!rule.averages()) {
            averages.update(steps);
            return;
        }
        try (Scope local = Scope.open("average")) {
            averages.restore(averaged(local));
        }
    }

    private List<Tensor> averaged(Scope local) {
        Map<String, List<Tensor>> memory = new LinkedHashMap<>();
        memories.forEach(
                own ->
                        own.forEach(
                                (key, tensor) ->
                                        memory.computeIfAbsent(key, k -> new ArrayList<>())
                                                .add(tensor)));
        List<Tensor> values = parameters.tensors();
        List<Tensor> averages = new ArrayList<>();
        try (Autograd paused = Autograd.pause()) {
            TensorList made = rule.averaged(new RuleStep.Part(local, values, values, memory, 0, 1));
            for (int i = 0; i < values.size(); i++) {
                averages.add(Tensors.get(local, made, i));
            }
        }
        return averages;
    }

    @Override
    public void whileJudged(Runnable work) {
        if (!rule.averages()) {
            work.run();
            return;
        }
        try (Scope local = Scope.open("judged")) {
            List<Tensor> values = parameters.tensors();
            List<Tensor> kept = new ArrayList<>();
            for (Tensor value : values) {
                kept.add(Tensors.zeros(local, value.shape(), value.dtype(), parameters.device()));
            }
            copy(kept, values);
            copy(values, averaged(local));
            try {
                work.run();
            } finally {
                copy(values, kept);
            }
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
