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
 * @param dropout what of the inputs is left out, [3] as {@code project.ts.py} has it, or null for
 *     nothing
 */
public record OpenPart(
        String module,
        long out,
        ProjectionPart part,
        Tensor encoder,
        @Nullable Tensor decoder,
        @Nullable Tensor gate,
        @Nullable Tensor dropout) {
    /** Makes a part that all inputs enter. */
    public OpenPart(
            String module,
            long out,
            ProjectionPart part,
            Tensor encoder,
            @Nullable Tensor decoder,
            @Nullable Tensor gate) {
        this(module, out, part, encoder, decoder, gate, null);
    }

    /** Returns what is computed. */
    Form form() {
        return dropout == null ? part.form() : part.form().dropped();
    }
}
