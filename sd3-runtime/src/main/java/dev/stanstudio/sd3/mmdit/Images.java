package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.ScriptValue;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.sd3.checkpoint.LayerStore;
import org.jspecify.annotations.Nullable;

/**
 * The entries of pictures that the blocks of one forward pass see, each made for its block. Belongs
 * to one thread.
 */
interface Images extends AutoCloseable {
    /**
     * Returns the {@code Images} of block {@code index}, valid until {@link #release()}.
     *
     * @param next the block that comes after it, or −1
     */
    ScriptValue block(int index, int next);

    /** Frees the entries of the last block. */
    default void release() {}

    @Override
    default void close() {}

    /**
     * Reads the pictures at the pass's timesteps.
     *
     * @param prompt the pictures, or null
     * @param none the entries of a block that sees no pictures
     */
    static Images of(
            Scope pass, @Nullable ImagePrompt prompt, double[] timesteps, ScriptValue none) {
        if (prompt == null) {
            return (index, next) -> none;
        }
        IpAdapter adapter = prompt.adapter();
        return new Seen(prompt, adapter.tokens(pass, prompt.features(), timesteps));
    }

    /** Pictures at one timestep. */
    final class Seen implements Images {
        private final ImagePrompt prompt;
        private final IpAdapter.Tokens tokens;
        private final LayerStore<TensorList>.Pass walk;
        private Scope kept = Scope.open("pictures of a block");

        private Seen(ImagePrompt prompt, IpAdapter.Tokens tokens) {
            this.prompt = prompt;
            this.tokens = tokens;
            walk = prompt.adapter().walk();
        }

        @Override
        public ScriptValue block(int index, int next) {
            return walk.with(
                    index,
                    next,
                    weights -> prompt.adapter().keys(kept, tokens, weights, prompt.scale()));
        }

        @Override
        public void release() {
            kept.close();
            kept = Scope.open("pictures of a block");
        }

        @Override
        public void close() {
            walk.close();
            kept.close();
        }
    }
}
