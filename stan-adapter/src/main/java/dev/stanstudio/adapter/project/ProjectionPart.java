package dev.stanstudio.adapter.project;

import org.jspecify.annotations.Nullable;

/**
 * How an adapter's tensors of one module enter the projection.
 *
 * @param form what is computed
 * @param features l, rows of the encoder: features, rank, or for {@link Form#DENSE} the outputs
 * @param kept k of the features of a group that stay; l where nothing is selected
 * @param selection by what they are selected
 * @param scale factor of the change, such as 1/k or α/r
 * @param encoder tensor name of E [l, in]
 * @param decoder tensor name of D [out, l], or null where the form has none
 * @param gate tensor name of the gate, or null
 * @param joining how many dead features of a group join while STAN is trained with revival
 * @param groups equal parts of the features, each with a selection of its own
 */
public record ProjectionPart(
        Form form,
        long features,
        long kept,
        Selection selection,
        double scale,
        String encoder,
        @Nullable String decoder,
        @Nullable String gate,
        int joining,
        int groups) {

    /** Refuses counts and scales that cannot work. */
    public ProjectionPart {
        if (features < 1 || groups < 1 || features % groups != 0) {
            throw new IllegalArgumentException(
                    "l = " + features + " features cannot be cut into " + groups + " groups");
        }
        long most = features / groups;
        if (joining < 0 || joining > most) {
            throw new IllegalArgumentException(
                    "dead features that join must be 0 … l = " + most + ", not " + joining);
        }
        if (kept < 1 || kept > most) {
            throw new IllegalArgumentException("k must be 1 … l = " + most + ", not " + kept);
        }
        if (!Double.isFinite(scale)) {
            throw new IllegalArgumentException("the scale must be a number, not " + scale);
        }
    }

    /** A part whose features are one group. */
    public ProjectionPart(
            Form form,
            long features,
            long kept,
            Selection selection,
            double scale,
            String encoder,
            @Nullable String decoder,
            @Nullable String gate,
            int joining) {
        this(form, features, kept, selection, scale, encoder, decoder, gate, joining, 1);
    }

    /** A change by a gated or plain low-rank product. */
    public static ProjectionPart lowRank(
            long rank, double scale, String down, String up, @Nullable String gate) {
        return new ProjectionPart(
                Form.LOW_RANK, rank, rank, Selection.VALUE, scale, down, up, gate, 0);
    }

    /** The same part with everything of the encoder. */
    public ProjectionPart withoutGate() {
        return new ProjectionPart(
                form, features, kept, selection, scale, encoder, decoder, null, 0, groups);
    }
}
