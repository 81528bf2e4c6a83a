package dev.stanstudio.sd3.text;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;

/** Rows of token ids as tensors. */
final class Ids {
    private Ids() {}

    /** Token states [B, T, d]: rows of the table as it is stored, picked before they are cast. */
    static Tensor rows(Scope scope, Tensor table, long[][] ids, Placement placement) {
        return Tensors.pickRows(
                scope,
                table,
                tensor(scope, ids, Device.CPU),
                placement.device(),
                placement.dtype());
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
