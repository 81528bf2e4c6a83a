package dev.stanstudio.sd3.text;

import dev.stanstudio.sd3.tokenizer.Encoding;
import java.util.Arrays;

/**
 * Tokens that one pass of an encoder reads.
 *
 * @param encoding ids of the pass's length, special tokens and padding among them
 * @param weights one for each id
 */
@SuppressWarnings("ArrayRecordComponent") // Made for one pass, never compared.
record Chunk(Encoding encoding, float[] weights) {
    static Chunk plain(Encoding encoding) {
        float[] weights = new float[encoding.ids().length];
        Arrays.fill(weights, 1);
        return new Chunk(encoding, weights);
    }

    boolean isWeighted() {
        for (float weight : weights) {
            if (weight != 1) {
                return true;
            }
        }
        return false;
    }

    /** Returns the ids. */
    long[] row() {
        return Arrays.stream(encoding.ids()).asLongStream().toArray();
    }
}
