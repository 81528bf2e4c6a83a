package dev.stanstudio.sd3.schedule;

import org.jspecify.annotations.Nullable;

/**
 * A method of second order that remembers the last denoised latents D = x − σv, in the model's
 * dtype. First order at the first and the last call.
 */
abstract class MultistepSampler<T> extends TableSampler<T> {
    private @Nullable T lastDenoised;

    MultistepSampler(SigmaTable table, int firstStep, LatentMath<T> math) {
        super(table, firstStep, math);
        requireFall();
    }

    /** Returns the latents after a call without history. */
    abstract T first(int call, T latents, T denoised);

    /** Returns the latents after a call whose predecessor denoised to {@code last}. */
    abstract T second(int call, T latents, T denoised, T last);

    @Override
    final T advance(int call, T latents, T velocity) {
        T denoised = denoised(call, latents, velocity);
        T last = lastDenoised;
        lastDenoised = denoised;
        try {
            return last == null || call + 1 == modelCalls()
                    ? first(call, latents, denoised)
                    : second(call, latents, denoised, last);
        } finally {
            if (last != null) {
                math.release(last);
            }
        }
    }

    @Override
    final void releaseHistory() {
        T last = lastDenoised;
        lastDenoised = null;
        if (last != null) {
            math.release(last);
        }
    }
}
