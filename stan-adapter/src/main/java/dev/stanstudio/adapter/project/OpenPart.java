package dev.stanstudio.adapter.project;

import dev.stanstudio.engine.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One module's part of an adapter with its tensors open, as a projection takes it. The scope that
 * opened the tensors owns them.
 *
 * @param module path of the module
 * @param out outputs of the module
 * @param part how the tensors enter the projection
 * @param encoder E [l, in]
 * @param decoder D [out, l], or null where the form has none
 * @param gate the gate, or null
 */
public record OpenPart(
        String module,
        long out,
        ProjectionPart part,
        Tensor encoder,
        @Nullable Tensor decoder,
        @Nullable Tensor gate) {}
