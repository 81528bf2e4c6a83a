package dev.stanstudio.sd3.vae;

import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.ArrayList;
import java.util.List;

/** A network that enlarges pictures, as calls of {@code upscaler.ts.py}. Thread-safe. */
abstract sealed class UpscalerNetwork implements AutoCloseable
        permits DenseUpscaler, CompactUpscaler {
    private static final class Holder {
        static final Program PROGRAM = Program.load(UpscalerNetwork.class, "upscaler.ts.py");
    }

    private final Scope scope = Scope.open("upscaler");
    private final Weights weights;
    private final Placement placement;

    UpscalerNetwork(Weights weights, Placement placement) {
        this.weights = weights;
        this.placement = placement;
    }

    static Program program() {
        return Holder.PROGRAM;
    }

    /** Loads weight and bias of each convolution. */
    final TensorList convolutions(String... names) {
        List<String> tensors = new ArrayList<>();
        for (String name : names) {
            tensors.add(name + ".weight");
            tensors.add(name + ".bias");
        }
        return tensors(tensors);
    }

    final TensorList tensors(List<String> names) {
        return Tensors.list(
                scope, names.stream().map(one -> placement.load(scope, weights, one)).toList());
    }

    /**
     * Returns the enlarged pictures, not limited to 0…1.
     *
     * @param pictures [B, 3, H, W] in 0…1
     * @param beforeStage called between stages; may throw to cancel
     */
    abstract Tensor run(Scope owner, Tensor pictures, Runnable beforeStage);

    @Override
    public final void close() {
        scope.close();
    }
}
