package dev.stanstudio.adapter.project;

/**
 * Lists the ways to compute D topk(E x); all have the same active features. The numbers are those
 * of {@code project.ts.py}.
 */
public enum Decoder {
    /** Features below the k-th largest become zero, then one product with all of D. */
    THRESHOLD(0),
    /** As {@link #THRESHOLD}, but by the indices of the k largest. */
    MASKED(1),
    /** Sums the columns of D of the k active features; for gradients and bf16 too. */
    GATHER(2);

    /**
     * Measured at l 512 and 4096 with 1024 tokens: up to this share of features reading single
     * columns beats one product.
     */
    private static final double GATHERED_SHARE = 0.01;

    private final int code;

    Decoder(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** Returns the fastest decoder that computes {@code topk}; groups need the threshold. */
    static Decoder of(TopK topk) {
        boolean few = topk.active() <= GATHERED_SHARE * topk.features();
        return topk.groups() == 1 && few ? GATHER : THRESHOLD;
    }
}
