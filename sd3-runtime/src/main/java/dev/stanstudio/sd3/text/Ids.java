package dev.stanstudio.sd3.text;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Arrays;

/** Rows of token ids as tensors. */
final class Ids {
    private Ids() {}

    /** Token states [B, T, d]: rows of the table as it is stored, picked before they are cast. */
    static Tensor rows(
            Scope scope, Weights weights, String table, long[][] ids, Placement placement) {
        long[] distinct =
                Arrays.stream(ids).flatMapToLong(Arrays::stream).sorted().distinct().toArray();
        long[][] places =
                Arrays.stream(ids)
                        .map(
                                row ->
                                        Arrays.stream(row)
                                                .map(id -> Arrays.binarySearch(distinct, id))
                                                .toArray())
                        .toArray(long[][]::new);
        try (Scope local = Scope.open(table)) {
            return Tensors.pickRows(
                    scope,
                    weights.rows(local, table, distinct),
                    tensor(local, places, Device.CPU),
                    placement.device(),
                    placement.dtype());
        }
    }

    static Tensor tensor(Scope scope, long[][] ids, Device device) {
        int length = ids[0].length;
        long[] flat = new long[ids.length * length];
        for (int i = 0; i < ids.length; i++) {
            System.arraycopy(ids[i], 0, flat, i * length, length);
        }
        Tensor onHost = Tensors.of(scope, flat, ids.length, length);
        return Tensors.to(scope, onHost, device, DType.INT64);
    }
}
