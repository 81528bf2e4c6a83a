package dev.stanstudio.sd3.schedule;

import java.util.List;

/**
 * Euler's method with fresh noise in every step but the last (η = 1), on the rectified-flow
 * process, α = 1−σ. Source: {@code sample_euler_ancestral_RF} of ComfyUI's
 * comfy/k_diffusion/sampling.py.
 *
 * <p>From σ_s to σ_t it steps down to σ_d, further than asked, then scales the latents to α_t and
 * adds the noise that is missing to σ_t:
 *
 * <pre>
 * x ← g·(x + (σ_d − σ_s)·v) + √(σ_t² − (g·σ_d)²)·noise
 * σ_d = σ_t²/σ_s,   g = α_t/α_d
 * </pre>
 */
final class EulerAncestralSampler<T> extends TableSampler<T> {
    private final NoiseSource<T> noise;

    EulerAncestralSampler(
            SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
        super(table, firstStep, math);
        this.noise = noise;
        requireFall();
    }

    @Override
    T advance(int call, T latents, T velocity) {
        FlowStep step = flowStep(call);
        if (step.to() == 0) {
            return denoised(call, latents, velocity);
        }
        double down = step.to() * step.ratio();
        double scale = (1 - step.to()) / (1 - down);
        double added = Math.sqrt(step.to() * step.to() - scale * down * (scale * down));
        float[] coefficients = {
            (float) scale, (float) (scale * (down - step.from())), (float) added
        };
        T drawn = noise.draw(latents);
        try {
            return math.combine(coefficients, List.of(latents, velocity, drawn));
        } finally {
            math.release(drawn);
        }
    }

    @Override
    void releaseHistory() {}
}
