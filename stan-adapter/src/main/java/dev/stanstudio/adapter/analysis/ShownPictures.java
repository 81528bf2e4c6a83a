package dev.stanstudio.adapter.analysis;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.TensorList;
import java.util.List;

/**
 * Passes pictures through a network with an adapter while the adapter's features are recorded, by
 * the pictures' numbers. Belongs to one thread.
 */
interface ShownPictures extends AutoCloseable {
    /** Computes numbers from what a layer recorded in one forward pass. */
    interface Numbers {
        /** Returns whether {@code layer} is read at all. */
        default boolean reads(String layer) {
            return true;
        }

        /** Returns the numbers; {@code recorded} is closed after the call. */
        float[] of(Scope local, String layer, TensorList recorded);
    }

    /** Receives the numbers of a layer. */
    interface Sink {
        /**
         * Receives all numbers of {@code layer} under one picture.
         *
         * @param tokens how many the layer saw in a pass
         * @param passes the numbers of each forward pass, in order
         */
        void take(String layer, long tokens, List<float[]> passes);
    }

    /**
     * Shows picture {@code number} and passes on the numbers of every layer that is read.
     *
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    void show(int number, Numbers numbers, Sink sink);

    /** Returns the arrays one after another. */
    static float[] joined(List<float[]> passes) {
        float[] all = new float[passes.stream().mapToInt(pass -> pass.length).sum()];
        int at = 0;
        for (float[] pass : passes) {
            System.arraycopy(pass, 0, all, at, pass.length);
            at += pass.length;
        }
        return all;
    }

    /** Returns the mean of arrays of equal length. */
    static float[] mean(List<float[]> passes) {
        float[] mean = new float[passes.get(0).length];
        for (float[] pass : passes) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += pass[i] / passes.size();
            }
        }
        return mean;
    }

    @Override
    void close();
}
