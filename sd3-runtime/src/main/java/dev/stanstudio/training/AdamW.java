package dev.stanstudio.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Processor;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * AdamW (Loshchilov &amp; Hutter 2019) with clipping of the gradients' global norm, as
 * torch.optim.AdamW and torch.nn.utils.clip_grad_norm_ compute them. Owns its moments; belongs to
 * one training.
 */
public final class AdamW implements Optimizer {
    /**
     * Settings.
     *
     * @param beta1 decay of the mean, 0 … 1
     * @param beta2 decay of the mean square, 0 … 1
     * @param eps added to the root
     * @param weightDecay share of the weight taken off per unit of learning rate
     * @param clip largest global norm of the gradients; 0 does not clip
     * @param matrixRate learning rate of matrices and convolutions as a multiple of the given one,
     *     moved by Muon (Jordan et al. 2024) instead: their momentum made orthogonal; 0 for AdamW
     */
    public record Settings(
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            double clip,
            double matrixRate)
            implements OptimizerSettings {
        /** torch's defaults, gradients clipped at 1. */
        public static final Settings DEFAULTS = new Settings(0.9, 0.999, 1e-8, 0.01, 1.0);

        /** Everything by AdamW. */
        public Settings(double beta1, double beta2, double eps, double weightDecay, double clip) {
            this(beta1, beta2, eps, weightDecay, clip, 0);
        }

        /** Refuses numbers that cannot work. */
        public Settings {
            if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)) {
                throw new ArgumentException("betas must be 0 … 1, not " + beta1 + " and " + beta2);
            }
            if (!(matrixRate >= 0 && Double.isFinite(matrixRate))) {
                throw new ArgumentException(
                        "the matrices' rate must be at least 0, not " + matrixRate);
            }
            if (!(eps > 0) || !(weightDecay >= 0) || !(clip >= 0)) {
                throw new ArgumentException(
                        "eps must be above 0, weight decay and clip at least 0, not %s, %s, %s"
                                .formatted(eps, weightDecay, clip));
            }
        }

        @Override
        public String label() {
            return OptimizerName.ADAMW.label();
        }

        @Override
        public long stateBytes(long[] shape) {
            return 2 * Arrays.stream(shape).reduce(DType.FP32.bytes(), Math::multiplyExact);
        }

        @Override
        public Optimizer begin(ParameterSet parameters, ParameterRules rules) {
            return new AdamW(parameters, this, rules);
        }
    }

    private static final double MOMENTUM = 0.95;

    private static final class Holder {
        static final Program PROGRAM = Program.load(AdamW.class, "optimizer.ts.py");
    }

    private final Settings settings;
    private final ParameterSet parameters;
    private final Scope scope = Scope.open("optimizer");
    private final List<Tensor> means = new ArrayList<>();
    private final List<Tensor> squares = new ArrayList<>();
    private final TensorList meanList;
    private final TensorList squareList;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private final List<ParameterRules.Group> groups;
    private long steps;

    /** A fresh optimizer for {@code parameters}. */
    public AdamW(ParameterSet parameters, Settings settings) {
        this(parameters, settings, ParameterRules.NONE);
    }

    /** A fresh optimizer for {@code parameters}, some of which have rules of their own. */
    public AdamW(ParameterSet parameters, Settings settings, ParameterRules rules) {
        this.parameters = parameters;
        this.settings = settings;
        for (Tensor parameter : parameters.tensors()) {
            means.add(Holder.PROGRAM.call(scope, "zeros_like", parameter));
            squares.add(Holder.PROGRAM.call(scope, "zeros_like", parameter));
        }
        int place = 0;
        for (String name : parameters.names()) {
            state.put("mean/" + name, means.get(place));
            state.put("square/" + name, squares.get(place));
            place++;
        }
        groups = rules.groups(parameters, this::byAdam);
        meanList = Tensors.list(scope, means);
        squareList = Tensors.list(scope, squares);
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public Map<String, Tensor> state() {
        return Collections.unmodifiableMap(state);
    }

    @Override
    public void restore(long madeSteps, Map<String, Double> numbers) {
        steps = madeSteps;
    }

    /** Reads the norm of the gradients of step {@code number}, which must be a number. */
    static double requireFinite(Tensor norm, long number) {
        double value = norm.toFloats()[0];
        if (!Double.isFinite(value)) {
            throw new DivergedException(
                    "the gradients of step %d are not finite; lower the learning rate"
                            .formatted(number));
        }
        return value;
    }

    @Override
    public double update(List<Tensor> gradients, double learningRate) {
        try (Scope local = Scope.open("update");
                Autograd paused = Autograd.pause()) {
            TensorList list = Tensors.list(local, gradients);
            Tensor norm = Holder.PROGRAM.call(local, "global_norm", list);
            double value = requireFinite(norm, steps + 1);
            steps++;
            if (settings.matrixRate() > 0) {
                int[] matrices = members(this::isMatrix);
                Holder.PROGRAM.callLong(
                        "muon",
                        pick(local, parameters.tensors(), matrices),
                        pick(local, gradients, matrices),
                        pick(local, means, matrices),
                        learningRate * settings.matrixRate(),
                        MOMENTUM,
                        halfType().scalarType());
            }
            for (ParameterRules.Group group : groups) {
                if (steps > group.last()) {
                    continue;
                }
                double decay = group.decayed() ? settings.weightDecay() : 0;
                move(local, gradients, places(group), norm, learningRate * group.factor(), decay);
            }
            return value;
        }
    }

    private void move(
            Scope local,
            List<Tensor> gradients,
            int[] members,
            Tensor norm,
            double learningRate,
            double decay) {
        boolean all = members.length == gradients.size();
        Holder.PROGRAM.callLong(
                "adamw",
                all ? parameters.list() : pick(local, parameters.tensors(), members),
                pick(local, gradients, members),
                all ? meanList : pick(local, means, members),
                all ? squareList : pick(local, squares, members),
                norm,
                steps,
                learningRate,
                settings.beta1(),
                settings.beta2(),
                settings.eps(),
                decay,
                settings.clip());
    }

    /** The fastest type that steps of matrices may be computed in. */
    private DType halfType() {
        return Processor.widens(parameters.device(), DType.BF16) ? DType.FP32 : DType.BF16;
    }

    private boolean isMatrix(int i) {
        return parameters.tensors().get(i).shape().length > 1;
    }

    private boolean byAdam(int i) {
        return settings.matrixRate() == 0 || !isMatrix(i);
    }

    private static int[] places(ParameterRules.Group group) {
        return group.members().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the places of the parameters that fit, in order. */
    private int[] members(IntPredicate fits) {
        return IntStream.range(0, means.size()).filter(fits).toArray();
    }

    private static TensorList pick(Scope local, List<Tensor> tensors, int[] members) {
        return Tensors.list(local, Arrays.stream(members).mapToObj(tensors::get).toList());
    }

    /** Bytes of the moments. */
    public long bytes() {
        return 2 * parameters.count() * DType.FP32.bytes();
    }

    @Override
    public void close() {
        scope.close();
    }
}
