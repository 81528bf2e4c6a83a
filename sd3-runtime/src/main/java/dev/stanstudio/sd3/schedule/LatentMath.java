package dev.stanstudio.sd3.schedule;

import java.util.List;

/**
 * The only arithmetic a sampler asks of latents.
 *
 * @param <T> a tensor of any shape; all tensors of one generation share shape, dtype and device
 */
public interface LatentMath<T> {
    /**
     * Σ coefficients[i]·terms[i], summed in term order in float32 and rounded once to the dtype of
     * the terms.
     *
     * @param coefficients as many as terms, at least one
     * @return a new tensor that shares no memory with the terms; the caller must release it
     */
    T combine(float[] coefficients, List<T> terms);

    /** Frees a tensor that {@link #combine} returned. */
    void release(T tensor);
}
