package dev.stanstudio.sd3.text;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;

/** Rows of token ids as a tensor [B, T]. */
final class Ids {
    private Ids() {}

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
