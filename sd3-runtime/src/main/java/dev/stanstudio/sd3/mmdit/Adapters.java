package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.engine.ProgramText;
import dev.stanstudio.engine.ScriptValue;

/**
 * The adapters that change the network's linear layers in one call. They are arguments of each
 * call, so that one loaded network serves requests with different adapters at the same time.
 * Thread-safe; its owner must not close it while a call uses it.
 */
public interface Adapters {
    /** The text of networks without adapters. */
    ProgramText NO_TEXT = new ProgramText(Adapters.class, "no-adapters.ts.py");

    /**
     * The text that defines {@code adapted(x, w, b, adapters)}, a linear layer with its adapters,
     * and {@code adapted_times(x, w, adapters)}, one without a bias. It is compiled into the
     * network's program; {@code adapters.ts.py} defines the types.
     */
    ProgramText text();

    /** The adapters of block {@code index}: a list for each {@link AdapterSlot} in a block. */
    ScriptValue block(int index);

    /** The adapters of the layers outside of blocks: a list for each {@link AdapterSlot} there. */
    ScriptValue outside();
}
