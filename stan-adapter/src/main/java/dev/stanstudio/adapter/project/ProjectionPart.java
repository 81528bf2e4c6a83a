package dev.stanstudio.adapter.project;

import org.jspecify.annotations.Nullable;

/**
 * The part of a projection that one module's adapter adds, such as scale · D topk(E x): its form
 * and the names of its tensors. Immutable.
 *
 * @param form what is computed
 * @param topk features or ranks, and the number that is active; for {@link Form#DENSE} and {@link
 *     Form#AFFINE} the outputs
 * @param scale factor of the change, such as 1/k or α/r
 * @param encoder tensor name of E [l, in]
 * @param decoder tensor name of D [out, l], or null where the form has none; for {@link
 *     Form#AFFINE} the change of the bias [out]
 * @param gate tensor name of the gate, or null
 */
public record ProjectionPart(
        Form form,
        TopK topk,
        double scale,
        String encoder,
        @Nullable String decoder,
        @Nullable String gate) {

    /** Refuses a scale that cannot work. */
    public ProjectionPart {
        if (!Double.isFinite(scale)) {
            throw new IllegalArgumentException("the scale must be a number, not " + scale);
        }
    }

    /** Returns a change by a gated or plain low-rank product. */
    public static ProjectionPart lowRank(
            long rank, double scale, String down, String up, @Nullable String gate) {
        return new ProjectionPart(Form.LOW_RANK, TopK.all(rank), scale, down, up, gate);
    }

    /** Returns the change {@code delta} [out, in] of the weight itself. */
    public static ProjectionPart dense(long out, String delta) {
        return new ProjectionPart(Form.DENSE, TopK.all(out), 1, delta, null, null);
    }

    /**
     * Returns the change {@code delta} [out, in] of the weight and {@code bias} [out] of the bias.
     */
    public static ProjectionPart affine(long out, String delta, String bias) {
        return new ProjectionPart(Form.AFFINE, TopK.all(out), 1, delta, bias, null);
    }

    /**
     * Returns scale · D topk(E x).
     *
     * @param decoder tensor name of D, or null for Eᵀ
     */
    public static ProjectionPart sparse(
            TopK topk, double scale, String encoder, @Nullable String decoder) {
        Form form = decoder == null ? Form.STAN_TIED : Form.STAN;
        return new ProjectionPart(form, topk, scale, encoder, decoder, null);
    }

    /** Returns everything that the result depends on beside the tensors, as a line of text. */
    String identity() {
        return " %s %d %d %d %s %s %s %s %s%n"
                .formatted(
                        form,
                        topk.features(),
                        topk.active(),
                        topk.groups(),
                        topk.selection().label(),
                        Double.toHexString(scale),
                        encoder,
                        decoder,
                        gate)
                .replace(System.lineSeparator(), "\n");
    }

    /** Returns l, the number of features, ranks or outputs. */
    public long features() {
        return topk.features();
    }
}
