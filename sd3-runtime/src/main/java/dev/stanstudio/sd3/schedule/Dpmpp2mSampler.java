package dev.stanstudio.sd3.schedule;

import dev.stanstudio.base.ArgumentException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DPM-Solver++(2M), midpoint form (Lu et al. 2022, arXiv 2211.01095, algorithm 2) on the
 * rectified-flow process, α = 1−σ. First order at the first and the last call. Source: diffusers
 * scheduling_dpmsolver_multistep.py with flow_prediction and flow sigmas.
 *
 * <p>With D = x − σv, λ = log α − log σ, from σ_s to σ_t and from σ_r before it:
 *
 * <pre>
 * x ← (σ_t/σ_s)·x + c·D + (c/2)·(h/h_r)·(D − D_r)
 * c = α_t·(1 − e^(−h)) = α_t − α_s·σ_t/σ_s,   h = λ_t − λ_s,   h_r = λ_s − λ_r
 * </pre>
 *
 * <p>The right-hand form of c is finite where λ is not: at σ_s = 1 (α_s = 0) and at σ_t = 0, where
 * x ← D. After a start at σ_r = 1, h_r is infinite and the correction vanishes.
 *
 * <p>Remembers the last D in the model's dtype, as the reference does. Coefficients are derived in
 * float64 and rounded to float32; the reference derives them in float32.
 */
final class Dpmpp2mSampler<T> extends TableSampler<T> {
    private @Nullable T lastDenoised;

    Dpmpp2mSampler(SigmaTable table, int firstStep, LatentMath<T> math) {
        super(table, firstStep, math);
        for (int call = 0; call < modelCalls(); call++) {
            if (sigma(call + 1) >= sigma(call)) {
                throw new ArgumentException(
                        ("%s needs sigmas that fall strictly, but %s follows %s; use fewer steps"
                                        + " or another shift")
                                .formatted(
                                        SamplerKind.DPMPP_2M.label(),
                                        sigma(call + 1),
                                        sigma(call)));
            }
        }
    }

    @Override
    T advance(int call, T latents, T velocity) {
        T denoised = math.combine(new float[] {1, -sigma(call)}, List.of(latents, velocity));
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

    private T first(int call, T latents, T denoised) {
        float[] coefficients = {(float) ratio(call), (float) gain(call)};
        return math.combine(coefficients, List.of(latents, denoised));
    }

    private T second(int call, T latents, T denoised, T last) {
        double h = lambda(call + 1) - lambda(call);
        double hLast = lambda(call) - lambda(call - 1);
        double correction = gain(call) / 2 * (h / hLast);
        float[] coefficients = {
            (float) ratio(call), (float) (gain(call) + correction), (float) -correction
        };
        return math.combine(coefficients, List.of(latents, denoised, last));
    }

    /** σ_t/σ_s. */
    private double ratio(int call) {
        return (double) sigma(call + 1) / sigma(call);
    }

    /** c of the class comment. */
    private double gain(int call) {
        return (1.0 - sigma(call + 1)) - (1.0 - sigma(call)) * ratio(call);
    }

    private double lambda(int call) {
        double sigma = sigma(call);
        return StrictMath.log(Math.max(1 - sigma, 0)) - StrictMath.log(sigma);
    }

    @Override
    void releaseHistory() {
        T last = lastDenoised;
        lastDenoised = null;
        if (last != null) {
            math.release(last);
        }
    }
}
