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
import java.util.List;

/**
 * AdamW (Loshchilov &amp; Hutter 2019) with clipping of the gradients' global norm, as
 * torch.optim.AdamW and torch.nn.utils.clip_grad_norm_ compute them. Owns its moments; belongs to
 * one training.
 */
public final class AdamW implements AutoCloseable {
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
            double matrixRate) {
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
    private long steps;

    /** A fresh optimizer for {@code parameters}. */
    public AdamW(ParameterSet parameters, Settings settings) {
        this.parameters = parameters;
        this.settings = settings;
        for (Tensor parameter : parameters.tensors()) {
            means.add(Holder.PROGRAM.call(scope, "zeros_like", parameter));
            squares.add(Holder.PROGRAM.call(scope, "zeros_like", parameter));
        }
        meanList = Tensors.list(scope, means);
        squareList = Tensors.list(scope, squares);
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    /** Updates made so far. */
    public long steps() {
        return steps;
    }

    /** Running means of the gradients, in the parameters' order. */
    List<Tensor> means() {
        return means;
    }

    /** Running mean squares of the gradients, in the parameters' order. */
    List<Tensor> squares() {
        return squares;
    }

    /** Continues where a checkpoint stopped. */
    void restore(long madeSteps, List<Tensor> oldMeans, List<Tensor> oldSquares) {
        steps = madeSteps;
        try (Scope local = Scope.open("restore")) {
            copy(local, meanList, oldMeans);
            copy(local, squareList, oldSquares);
        }
    }

    private static void copy(Scope local, TensorList into, List<Tensor> from) {
        Holder.PROGRAM.callLong("copy_all", into, Tensors.list(local, from));
    }

    /**
     * Updates every parameter.
     *
     * @param gradients in the parameters' order
     * @return the gradients' global norm before clipping
     * @throws DivergedException if the norm is not a number; no parameter has changed then
     */
    public double update(List<Tensor> gradients, double learningRate) {
        try (Scope local = Scope.open("update");
                Autograd paused = Autograd.pause()) {
            TensorList list = Tensors.list(local, gradients);
            Tensor norm = Holder.PROGRAM.call(local, "global_norm", list);
            double value = norm.toFloats()[0];
            if (!Double.isFinite(value)) {
                throw new DivergedException(
                        "the gradients of step "
                                + (steps + 1)
                                + " are not finite; lower the"
                                + " learning rate");
            }
            steps++;
            boolean muon = settings.matrixRate() > 0;
            if (muon) {
                Holder.PROGRAM.callLong(
                        "muon",
                        only(local, parameters.tensors(), true),
                        only(local, gradients, true),
                        only(local, means, true),
                        learningRate * settings.matrixRate(),
                        MOMENTUM,
                        halfType().scalarType());
            }
            Holder.PROGRAM.callLong(
                    "adamw",
                    muon ? only(local, parameters.tensors(), false) : parameters.list(),
                    muon ? only(local, gradients, false) : list,
                    muon ? only(local, means, false) : meanList,
                    muon ? only(local, squares, false) : squareList,
                    norm,
                    steps,
                    learningRate,
                    settings.beta1(),
                    settings.beta2(),
                    settings.eps(),
                    settings.weightDecay(),
                    settings.clip());
            return value;
        }
    }

    /** The fastest type that steps of matrices may be computed in. */
    private DType halfType() {
        return Processor.widens(parameters.device(), DType.BF16) ? DType.FP32 : DType.BF16;
    }

    /** Of {@code tensors} in the parameters' order, those of matrices, or the others. */
    private TensorList only(Scope local, List<Tensor> tensors, boolean matrices) {
        List<Tensor> picked = new ArrayList<>();
        List<Tensor> all = parameters.tensors();
        for (int i = 0; i < all.size(); i++) {
            if ((all.get(i).shape().length > 1) == matrices) {
                picked.add(tensors.get(i));
            }
        }
        return Tensors.list(local, picked);
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
