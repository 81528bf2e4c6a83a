package dev.stanstudio.sd3.schedule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Heun's method: an Euler step predicts, then the mean of the velocities at both ends of the
 * interval replaces it; the last interval is Euler alone. Source: diffusers
 * scheduling_flow_match_heun_discrete.py, {@code step} without churn.
 *
 * <p>Remembers between the two calls of an interval the latents and the velocity of the first, both
 * as they came, in the model's dtype. (The reference holds them as float32 tensors: the latents
 * upcast, which adds nothing, and the velocity recovered as (x − (x − σv))/σ.)
 */
final class HeunSampler<T> extends TableSampler<T> {
    private @Nullable T start;
    private @Nullable T startVelocity;

    HeunSampler(SigmaTable table, int firstStep, LatentMath<T> math) {
        super(table, firstStep, math);
    }

    @Override
    T advance(int call, T latents, T velocity) {
        T x = start;
        T v = startVelocity;
        return x == null || v == null
                ? predict(call, latents, velocity)
                : correct(call, x, v, velocity);
    }

    private T predict(int call, T latents, T velocity) {
        float dt = sigma(call + 1) - sigma(call);
        if (call + 1 < modelCalls()) {
            start = math.combine(new float[] {1}, List.of(latents));
            startVelocity = math.combine(new float[] {1}, List.of(velocity));
        }
        return math.combine(new float[] {1, dt}, List.of(latents, velocity));
    }

    private T correct(int call, T x, T v, T velocity) {
        float half = (sigma(call) - sigma(call - 1)) / 2;
        T result = math.combine(new float[] {1, half, half}, List.of(x, v, velocity));
        releaseHistory();
        return result;
    }

    @Override
    void releaseHistory() {
        T x = start;
        T v = startVelocity;
        start = null;
        startVelocity = null;
        if (x != null) {
            math.release(x);
        }
        if (v != null) {
            math.release(v);
        }
    }
}
