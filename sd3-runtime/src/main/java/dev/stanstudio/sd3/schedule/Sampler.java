package dev.stanstudio.sd3.schedule;

/**
 * The denoising of one generation along a {@link SigmaTable}: the caller runs the model, the
 * sampler turns its velocities into the next latents.
 *
 * <pre>{@code
 * try (Sampler<T> sampler = table.sampler(firstStep, math, noise)) {
 *     for (int call = 0; call < sampler.modelCalls(); call++) {
 *         T velocity = model.velocity(latents, sampler.timestep(call));
 *         T next = sampler.step(call, latents, velocity);
 *         … release velocity and latents …
 *         latents = next;
 *     }
 * }
 * }</pre>
 *
 * <p>Ownership: the caller owns the latents and velocities it passes in and the latents it gets
 * back; a sampler neither keeps nor releases them. What a sampler must remember between calls it
 * copies, and releases by {@link #close}. An instance belongs to one generation and one thread;
 * once {@link #step} has thrown, only {@link #close} may follow.
 *
 * <p>The index {@code call} counts model calls from 0, also where a generation starts in the middle
 * of its table.
 *
 * @param <T> see {@link LatentMath}
 */
public interface Sampler<T> extends AutoCloseable {
    /** Model calls until σ = 0: one per remaining step; with Heun two, except for the last. */
    int modelCalls();

    /**
     * The timestep to give the model.
     *
     * @param call 0 … {@code modelCalls()}−1
     */
    float timestep(int call);

    /**
     * The noise level of the latents before that call; at {@code modelCalls()} that of the result
     * (0, or 1 with inverted sigmas). Inpainting blends at {@code sigma(call + 1)} after a call.
     *
     * @param call 0 … {@code modelCalls()}
     */
    float sigma(int call);

    /**
     * The denoising step, counted from the start of the whole table, that the call works on; with
     * Heun two calls share one.
     *
     * @param call 0 … {@code modelCalls()}−1
     */
    int schedulerStep(int call);

    /**
     * Advances the latents.
     *
     * @param call 0 at first, then one more each time
     * @param latents x at {@code sigma(call)}: what the last step returned, or its replacement
     * @param velocity the model's v for these latents, guidance applied, in their shape and dtype
     * @return the latents at {@code sigma(call + 1)}, in the same dtype; the caller's to release
     * @throws IllegalStateException if calls are skipped or repeated, or the sampler is closed
     */
    T step(int call, T latents, T velocity);

    /** Releases what the sampler remembers. Closing again does nothing. */
    @Override
    void close();
}
