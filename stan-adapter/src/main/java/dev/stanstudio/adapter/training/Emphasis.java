package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.List;

/**
 * Weighs rows and places of a batch in the loss, of which the mean is taken over all of them.
 *
 * @param rows a factor of each row; none for 1
 * @param masks one tensor [B, 1, H, W] of factors 0 … 1; none for 1
 */
record Emphasis(List<Double> rows, List<Tensor> masks) {
    /** Everything alike. */
    static final Emphasis NONE = new Emphasis(List.of(), List.of());

    Emphasis {
        rows = List.copyOf(rows);
        masks = List.copyOf(masks);
    }

    /** Returns that of rows {@code from … to−1}, sharing memory. */
    Emphasis rows(Scope scope, long from, long to) {
        return new Emphasis(
                rows.isEmpty() ? rows : rows.subList((int) from, (int) to),
                masks.stream().map(mask -> Tensors.narrow(scope, mask, 0, from, to)).toList());
    }

    double[] factors() {
        return rows.stream().mapToDouble(Double::doubleValue).toArray();
    }

    TensorList maskList(Scope scope) {
        return Tensors.list(scope, masks);
    }
}
