package dev.stanstudio.sd3.mmdit;

/** The linear layer of a network's program to which adapters of a module are added. */
public interface AdapterSlot {
    /** The {@link #block()} of layers outside of blocks. */
    int OUTSIDE = -1;

    /** Returns the number of the block, or {@link #OUTSIDE}. */
    int block();

    /** Returns the number of the layer in the block or outside. */
    int slot();

    /** Returns the first of the layer's outputs that belongs to a module with {@code out}. */
    long row(long out);
}
