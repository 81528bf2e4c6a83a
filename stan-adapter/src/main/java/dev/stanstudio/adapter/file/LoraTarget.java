package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import java.util.List;

/**
 * The change of one module by a LoRA: W' = W + scale · B · A (Hu et al. 2021, §4.1). For a
 * convolution A keeps the kernel's axes. Immutable.
 *
 * @param module path in diffusers' names, such as {@code transformer_blocks.0.attn.to_q}
 * @param down shape of A: [r, in] or [r, in, kernel, kernel]
 * @param up shape of B: [out, r] or [out, r, 1, 1]
 * @param alpha α, before it is divided
 * @param rankStabilized whether α is divided by √r (rsLoRA, Kalajdzievski 2023) instead of r
 */
public record LoraTarget(
        String module, List<Long> down, List<Long> up, double alpha, boolean rankStabilized) {

    /** Refuses shapes that cannot be multiplied and an α that is not finite. */
    public LoraTarget {
        down = List.copyOf(down);
        up = List.copyOf(up);
        boolean matrices = down.size() >= 2 && up.size() == down.size();
        if (!matrices || !isPositive(down) || !isPositive(up) || !fit(down, up)) {
            throw new UserException(
                    "LoRA of %s: A %s and B %s do not make a weight; A must be [r, in] and B [out, r]"
                            .formatted(module, down, up));
        }
        if (!Double.isFinite(alpha)) {
            throw new UserException("LoRA of %s: alpha is %s".formatted(module, alpha));
        }
    }

    private static boolean isPositive(List<Long> shape) {
        return shape.stream().allMatch(size -> size > 0);
    }

    private static boolean fit(List<Long> down, List<Long> up) {
        boolean pointwise = up.stream().skip(2).allMatch(size -> size == 1);
        return pointwise && up.get(1).equals(down.get(0));
    }

    /** r, the rows of A. */
    public long rank() {
        return down.get(0);
    }

    /** Returns the factor of B · A: α/r, or α/√r if rank-stabilised. */
    public double scale() {
        return alpha / (rankStabilized ? Math.sqrt((double) rank()) : (double) rank());
    }

    /** The same module where the scale is already in B. */
    public LoraTarget withScaleOne() {
        return new LoraTarget(module, down, up, rank(), false);
    }

    /** Shape of the weight that is changed: [out, in] or [out, in, kernel, kernel]. */
    public long[] weightShape() {
        long[] shape = down.stream().mapToLong(Long::longValue).toArray();
        shape[0] = up.get(0);
        return shape;
    }
}
