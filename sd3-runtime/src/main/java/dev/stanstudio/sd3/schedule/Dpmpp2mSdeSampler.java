package dev.stanstudio.sd3.schedule;

import java.util.List;

/**
 * SDE-DPM-Solver++(2M), midpoint form (Lu et al. 2022, arXiv 2211.01095) on the rectified-flow
 * process, α = 1−σ: {@link Dpmpp2mSampler} for the reverse stochastic equation, with fresh noise in
 * every step but the last. Source: diffusers scheduling_dpmsolver_multistep.py, {@code
 * sde-dpmsolver++} with flow_prediction and flow sigmas.
 *
 * <p>With the names of {@link Dpmpp2mSampler}:
 *
 * <pre>
 * x ← (σ_t/σ_s)·e^(−h)·x + c·D + (c/2)·(h/h_r)·(D − D_r) + σ_t·√(1 − e^(−2h))·noise
 * c = α_t·(1 − e^(−2h))
 * </pre>
 */
final class Dpmpp2mSdeSampler<T> extends MultistepSampler<T> {
    private final NoiseSource<T> noise;

    Dpmpp2mSdeSampler(SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
        super(table, firstStep, math);
        this.noise = noise;
    }

    @Override
    T first(int call, T latents, T denoised) {
        FlowStep step = flowStep(call);
        return step.to() == 0
                ? math.combine(new float[] {1}, List.of(denoised))
                : noisy(step, 0, latents, denoised, denoised);
    }

    @Override
    T second(int call, T latents, T denoised, T last) {
        FlowStep step = flowStep(call);
        double weight = step.width() / flowStep(call - 1).width() / 2;
        return noisy(step, weight, latents, denoised, last);
    }

    private T noisy(FlowStep step, double weight, T latents, T denoised, T last) {
        double decay = step.decay();
        double variance = 1 - decay * decay;
        double gain = (1 - step.to()) * variance;
        float[] coefficients = {
            (float) (step.ratio() * decay),
            (float) (gain * (1 + weight)),
            (float) (-gain * weight),
            (float) (step.to() * Math.sqrt(variance))
        };
        T drawn = noise.draw(latents);
        try {
            return math.combine(coefficients, List.of(latents, denoised, last, drawn));
        } finally {
            math.release(drawn);
        }
    }
}
