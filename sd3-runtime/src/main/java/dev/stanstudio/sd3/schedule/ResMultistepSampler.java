package dev.stanstudio.sd3.schedule;

import java.util.List;

/**
 * The refined exponential solver in multistep form (Zhang et al. 2023, arXiv 2308.02157), second
 * order in t = −log σ. Euler's method at the first and the last call. Source: {@code res_multistep}
 * of ComfyUI's comfy/k_diffusion/sampling.py without added noise (eta 0).
 *
 * <p>With D = x − σv, from σ_s to σ_t and from σ_r before it:
 *
 * <pre>
 * x ← r·x + (1 − r)·D + q·(D − D_r)
 * r = σ_t/σ_s,   h = log σ_s − log σ_t,   h_r = log σ_r − log σ_s
 * q = (1 − (1 − r)/h)·h/h_r
 * </pre>
 */
final class ResMultistepSampler<T> extends MultistepSampler<T> {
    ResMultistepSampler(SigmaTable table, int firstStep, LatentMath<T> math) {
        super(table, firstStep, math);
    }

    @Override
    T first(int call, T latents, T denoised) {
        double ratio = flowStep(call).ratio();
        return math.combine(
                new float[] {(float) ratio, (float) (1 - ratio)}, List.of(latents, denoised));
    }

    @Override
    T second(int call, T latents, T denoised, T last) {
        double ratio = flowStep(call).ratio();
        double width = -StrictMath.log(ratio);
        double lastWidth = -StrictMath.log(flowStep(call - 1).ratio());
        double correction = (1 - (1 - ratio) / width) * (width / lastWidth);
        float[] coefficients = {
            (float) ratio, (float) (1 - ratio + correction), (float) -correction
        };
        return math.combine(coefficients, List.of(latents, denoised, last));
    }
}
