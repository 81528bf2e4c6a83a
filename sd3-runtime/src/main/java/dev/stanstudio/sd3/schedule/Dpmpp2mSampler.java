package dev.stanstudio.sd3.schedule;

import java.util.List;

/**
 * DPM-Solver++(2M), midpoint form (Lu et al. 2022, arXiv 2211.01095, algorithm 2) on the
 * rectified-flow process, α = 1−σ. First order at the first and the last call. Source: diffusers
 * scheduling_dpmsolver_multistep.py with flow_prediction and flow sigmas.
 *
 * <p>With D = x − σv, λ = log α − log σ, from σ_s to σ_t and from σ_r before it:
 *
 * <pre>
 * x ← (σ_t/σ_s)·x + c·D + (c/2)·(h/h_r)·(D − D_r)
 * c = α_t·(1 − e^(−h)),   h = λ_t − λ_s,   h_r = λ_s − λ_r
 * </pre>
 *
 * <p>At σ_t = 0, x ← D. After a start at σ_r = 1, h_r is infinite and the correction vanishes.
 *
 * <p>Coefficients are derived in float64 and rounded to float32; the reference derives them in
 * float32.
 */
final class Dpmpp2mSampler<T> extends MultistepSampler<T> {
    Dpmpp2mSampler(SigmaTable table, int firstStep, LatentMath<T> math) {
        super(table, firstStep, math);
    }

    @Override
    T first(int call, T latents, T denoised) {
        FlowStep step = flowStep(call);
        float[] coefficients = {(float) step.ratio(), (float) step.gain()};
        return math.combine(coefficients, List.of(latents, denoised));
    }

    @Override
    T second(int call, T latents, T denoised, T last) {
        FlowStep step = flowStep(call);
        double correction = step.gain() / 2 * (step.width() / flowStep(call - 1).width());
        float[] coefficients = {
            (float) step.ratio(), (float) (step.gain() + correction), (float) -correction
        };
        return math.combine(coefficients, List.of(latents, denoised, last));
    }
}
