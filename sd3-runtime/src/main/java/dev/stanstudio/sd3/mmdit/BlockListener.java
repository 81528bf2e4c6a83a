package dev.stanstudio.sd3.mmdit;

/** Called between the blocks of a forward pass; an exception thrown here ends the pass. */
@FunctionalInterface
public interface BlockListener {
    /** Called before block {@code index} runs. */
    void beforeBlock(int index);

    /** Called after block {@code index} has run; on CUDA it may still be under way. */
    default void afterBlock(int index) {}
}
