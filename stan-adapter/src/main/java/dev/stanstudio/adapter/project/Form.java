package dev.stanstudio.adapter.project;

/** Lists the computations that projections know; the numbers are those of {@code project.ts.py}. */
public enum Form {
    /** The encoder is the change of the weight itself, [out, in]; a gate masks it. */
    DENSE(0),
    /** D (gate ⊙ E x): LoRA, AdaLoRA (STAN paper, eq. 15), SoRA (eq. 16). */
    LOW_RANK(1),
    /** D topk(E x) (STAN paper, eq. 3). */
    STAN(2),
    /** Eᵀ topk(E x): the decoder is the encoder. */
    STAN_TIED(3),
    /** {@link #STAN} with features steered; the gate [3, l] holds factors, ceilings and offsets. */
    STEERED(4),
    /** {@link #STAN_TIED} likewise. */
    STEERED_TIED(5),
    /** Changes nothing and keeps topk(E x). */
    RECORDER(6),
    /** The encoder is the change of the weight itself, the decoder [out] that of the bias. */
    AFFINE(7),
    /** {@link #DENSE} of inputs of which some are left out; they come before the gates. */
    DROPPED_DENSE(8),
    /** {@link #LOW_RANK} likewise. */
    DROPPED_LOW_RANK(9);

    private final int code;

    Form(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** Returns whether features are selected, so that they can be steered. */
    public boolean isStan() {
        return this == STAN || this == STAN_TIED;
    }

    /** Returns this form with inputs left out. */
    Form dropped() {
        return switch (this) {
            case DENSE -> DROPPED_DENSE;
            case LOW_RANK -> DROPPED_LOW_RANK;
            default -> throw new IllegalStateException(this + " takes all inputs");
        };
    }

    /** Returns this form with features steered. */
    Form steered() {
        return switch (this) {
            case STAN -> STEERED;
            case STAN_TIED -> STEERED_TIED;
            default -> throw new IllegalStateException(this + " has no features to steer");
        };
    }
}
