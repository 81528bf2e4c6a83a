package dev.stanstudio.adapter.training;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encoded pictures with their captions, by number. Thread-safe. */
public interface Examples {
    /**
     * One picture and its caption; or several that are compared, in a row each, with one noise.
     *
     * @param moments of the autoencoder's posterior [1, 2C, H, W]
     * @param tokens of the caption [1, M, joint width]
     * @param pooled caption [1, pooled width]
     * @param lastRepeats number of equal padding tokens that the last one represents, the same for
     *     all captions
     * @param mask what places count in the loss [1, 1, H, W], or null for all alike
     * @param captions the text of each row; none where nobody encodes it anew
     */
    record Example(
            Tensor moments,
            Tensor tokens,
            Tensor pooled,
            int lastRepeats,
            @Nullable Tensor mask,
            List<String> captions) {
        /** Keeps a copy of the captions. */
        public Example {
            captions = List.copyOf(captions);
        }

        /** All places count alike. */
        public Example(Tensor moments, Tensor tokens, Tensor pooled, int lastRepeats) {
            this(moments, tokens, pooled, lastRepeats, null, List.of());
        }
    }

    /**
     * Pictures that a training is not to forget.
     *
     * @param examples as many as the others are in each batch
     * @param weight of their mean loss beside the others'
     */
    record Prior(Examples examples, double weight) {}

    /**
     * Examples of one training.
     *
     * @param train to learn from
     * @param heldOut to measure on; may be none
     * @param prior not to forget, or null
     */
    record Split(Examples train, Examples heldOut, @Nullable Prior prior) {
        /** Nothing that is not to be forgotten. */
        public Split(Examples train, Examples heldOut) {
            this(train, heldOut, null);
        }
    }

    /** Counts the examples. */
    int count();

    /** Returns the size of picture {@code index}: those of one batch are of one size. */
    default String bucket(int index) {
        return "";
    }

    /** Returns whether mirrored pictures are there too. */
    default boolean flips() {
        return false;
    }

    /**
     * Opens example {@code index}; {@code scope} may own its tensors afterwards.
     *
     * @param flipped the mirrored picture, where {@link #flips()}
     * @param captioned whether with its own caption or with the empty one
     */
    Example open(Scope scope, int index, boolean flipped, boolean captioned);
}
