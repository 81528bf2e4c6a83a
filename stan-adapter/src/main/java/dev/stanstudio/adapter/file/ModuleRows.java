package dev.stanstudio.adapter.file;

import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.sd3.checkpoint.StoredWeights.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows that a module of the model has of a weight in a file. One stored weight can be three
 * modules of diffusers' (fused q, k and v).
 *
 * @param module path in diffusers' names
 * @param from its first row
 * @param to the row after its last
 * @param swapHalves whether the file has [shift | scale] where the model has [scale | shift]
 */
record ModuleRows(String module, long from, long to, boolean swapHalves) {
    /** Returns these rows of {@code stored}. */
    Part part(StoredTensor stored) {
        List<Long> shape = new ArrayList<>(stored.info().shape());
        if (!shape.isEmpty()) {
            shape.set(0, to - from);
        }
        return new Part(stored, from, to, swapHalves, shape);
    }

    long count() {
        return to - from;
    }
}
