package dev.stanstudio.adapter.project;

/** How encoder and decoder make a change; the numbers are those of {@code project.ts.py}. */
public enum Form {
    /** The encoder is the change of the weight itself, [out, in]; a gate masks it. */
    DENSE(0),
    /** D (gate ⊙ E x): LoRA, AdaLoRA (STAN paper, eq. 15), SoRA (eq. 16). */
    LOW_RANK(1),
    /** D topk(E x) (STAN paper, eq. 3). */
    STAN(2),
    /** Eᵀ topk(E x): the decoder is the encoder. */
    STAN_TIED(3);

    private final int code;

    Form(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
