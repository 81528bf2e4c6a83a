package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.ScriptValue;

/**
 * Additions to the network's projections: data that travels with each call, so that one loaded
 * network serves requests with different adapters at the same time. Thread-safe; whoever made it
 * keeps it open while it is used.
 */
public interface Adapters {
    /**
     * The text that defines {@code adapted(x, w, b, adapters)}, a projection with its adapters. It
     * becomes a part of the network's program; {@code adapters.ts.py} defines the types.
     */
    ProgramText text();

    /** The adapters of block {@code index}: a list for each {@link MmditSlot} in a block. */
    ScriptValue block(int index);

    /** The adapters of what lies outside of blocks: a list for each {@link MmditSlot} there. */
    ScriptValue outside();
}
