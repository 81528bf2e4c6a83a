package dev.stanstudio.sd3.schedule;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * UniPC of order 2 with B(h) = e^(−h) − 1 (bh2; Zhao et al. 2023, arXiv 2302.04867) on the
 * rectified-flow process, α = 1−σ. Source: diffusers scheduling_unipc_multistep.py with
 * flow_prediction and flow sigmas.
 *
 * <p>A call first corrects the latents it is given: with D at the level reached it makes the last
 * step anew, from where that began. Then it predicts the next latents as DPM-Solver++(2M) does.
 * With D = x − σv, from σ_s to σ_t, D_s before the step and D_r one before that:
 *
 * <pre>
 * x ← (σ_t/σ_s)·x_s + c·D_s + c·(ρ_r·(D_r − D_s)/k + ρ_t·(D_t − D_s))
 * c = α_t·(1 − e^(−h)),   h = λ_t − λ_s,   k = (λ_r − λ_s)/h
 * ρ_r + ρ_t = b1,   k·ρ_r + ρ_t = b2   (ρ_t = 1/2 alone without D_r)
 * b1 = f1/B,  b2 = 2·f2/B,  B = e^(−h) − 1,  f1 = −B/h − 1,  f2 = −f1/h − 1/2
 * </pre>
 *
 * <p>The last call predicts in first order. Remembers the corrected latents and two D in the
 * model's dtype, as the reference does. Coefficients are derived in float64 and rounded to float32;
 * the reference derives them in float32.
 */
final class UnipcSampler<T> extends TableSampler<T> {
    private @Nullable T start;
    private final List<T> denoised = new ArrayList<>();

    UnipcSampler(SigmaTable table, int firstStep, LatentMath<T> math) {
        super(table, firstStep, math);
        requireFall();
    }

    @Override
    T advance(int call, T latents, T velocity) {
        T now = denoised(call, latents, velocity);
        T before = start;
        start =
                before == null
                        ? math.combine(new float[] {1}, List.of(latents))
                        : corrected(call, before, now);
        if (before != null) {
            math.release(before);
        }
        denoised.add(now);
        if (denoised.size() > 2) {
            math.release(denoised.remove(0));
        }
        return predicted(call, start);
    }

    private T predicted(int call, T from) {
        FlowStep step = flowStep(call);
        double correction = 0;
        if (denoised.size() == 2 && call + 1 < modelCalls()) {
            correction = step.gain() / 2 * (step.width() / flowStep(call - 1).width());
        }
        return combined(step.ratio(), from, weights(step.gain() + correction, -correction));
    }

    /** The latents at {@code sigma(call)} anew, now that D is known there. */
    private T corrected(int call, T from, T now) {
        FlowStep step = flowStep(call - 1);
        double gain = step.gain();
        double forNow = 0.5;
        double forLast = 0;
        if (denoised.size() == 2) {
            double h = step.width();
            double k = -flowStep(call - 2).width() / h;
            double b = Math.expm1(-h);
            double f1 = -b / h - 1;
            double f2 = -f1 / h - 0.5;
            double rho = (f1 / b - 2 * f2 / b) / (1 - k);
            forNow = f1 / b - rho;
            forLast = rho / k;
        }
        denoised.add(now);
        T result =
                combined(
                        step.ratio(),
                        from,
                        weights(gain * forNow, gain * (1 - forNow - forLast), gain * forLast));
        denoised.remove(denoised.size() - 1);
        return result;
    }

    private static double[] weights(double... newestFirst) {
        return newestFirst;
    }

    /** Returns ratio·from + Σ weights·D, the newest D first; weights without a D are left out. */
    private T combined(double ratio, T from, double[] weights) {
        int count = Math.min(weights.length, denoised.size());
        float[] coefficients = new float[count + 1];
        List<T> terms = new ArrayList<>(List.of(from));
        coefficients[0] = (float) ratio;
        for (int i = 0; i < count; i++) {
            coefficients[i + 1] = (float) weights[i];
            terms.add(denoised.get(denoised.size() - 1 - i));
        }
        return math.combine(coefficients, terms);
    }

    @Override
    void releaseHistory() {
        T from = start;
        start = null;
        if (from != null) {
            math.release(from);
        }
        denoised.forEach(math::release);
        denoised.clear();
    }
}
