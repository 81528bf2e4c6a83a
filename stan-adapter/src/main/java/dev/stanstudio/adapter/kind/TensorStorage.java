package dev.stanstudio.adapter.kind;

/** Lists the ways in which a kind's tensors are stored in an adapter folder. */
public enum TensorStorage {
    /** Each tensor under its own name; the record is the folder's configuration. */
    PLAIN,
    /** PEFT's folder, which other programs read too; the record is in the tensors' metadata. */
    PEFT,
    /** PEFT's folder of a kind whose changes are computed; the record is in the metadata. */
    COMPOSED,
    /** The values under a mask and their places; the mask is a state of the training. */
    MASKED;

    /** Returns whether what is stored depends on the states of the training. */
    public boolean needsState() {
        return this == MASKED;
    }
}
