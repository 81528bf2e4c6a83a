package dev.stanstudio.sd3.schedule;

import java.util.List;

/**
 * Euler's method: x ← x + (σ_next − σ)·v. Remembers nothing. Source: diffusers
 * scheduling_flow_match_euler_discrete.py, {@code step}. In half precision the reference rounds the
 * product to the model's dtype before the sum; here product and sum stay float32 until the end.
 */
final class EulerSampler<T> extends TableSampler<T> {
    EulerSampler(SigmaTable table, int firstStep, LatentMath<T> math) {
        super(table, firstStep, math);
    }

    @Override
    T advance(int call, T latents, T velocity) {
        float dt = sigma(call + 1) - sigma(call);
        return math.combine(new float[] {1, dt}, List.of(latents, velocity));
    }

    @Override
    void releaseHistory() {}
}
