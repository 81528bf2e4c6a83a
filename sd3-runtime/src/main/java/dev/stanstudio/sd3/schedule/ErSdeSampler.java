package dev.stanstudio.sd3.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * ER-SDE-Solver-3 (Cui et al. 2023, arXiv 2309.06169) on the rectified-flow process, α = 1−σ, with
 * fresh noise in every step but the last. First order at the first call, second at the second.
 * Source: {@code sample_er_sde} of ComfyUI's comfy/k_diffusion/sampling.py.
 *
 * <p>With Λ = σ/α, D = x − σv and the noise scale of {@link NoiseScale}, from Λ_s down to Λ_t:
 *
 * <pre>
 * x ← (α_t/α_s)·r·x + α_t·(1 − r)·D + α_t·(Λ_t − Λ_s + φ(Λ_t)·S)·D'
 *       + α_t·((Λ_t − Λ_s)²/2 + φ(Λ_t)·S_u)·D'' + α_t·√(Λ_t² − r²Λ_s²)·noise
 * r = φ(Λ_t)/φ(Λ_s),   S = ∫ dΛ/φ(Λ),   S_u = ∫ (Λ − Λ_s)/φ(Λ) dΛ,   both from Λ_t to Λ_s
 * </pre>
 *
 * D' and D'' are divided differences of the last denoised latents.
 */
final class ErSdeSampler<T> extends TableSampler<T> {
    private static final int HISTORY = 2;

    private final NoiseSource<T> noise;

    /** The last denoised latents, the newest first. */
    private final List<T> denoisedBefore = new ArrayList<>();

    ErSdeSampler(SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
        super(table, firstStep, math);
        this.noise = noise;
        requireFall();
    }

    @Override
    T advance(int call, T latents, T velocity) {
        T denoised = denoised(call, latents, velocity);
        if (sigma(call + 1) == 0) {
            return denoised;
        }
        T drawn = noise.draw(latents);
        try {
            List<T> terms = new ArrayList<>(List.of(latents, drawn, denoised));
            terms.addAll(denoisedBefore);
            return math.combine(coefficients(call), terms);
        } finally {
            math.release(drawn);
            remember(denoised);
        }
    }

    private void remember(T denoised) {
        denoisedBefore.add(0, denoised);
        if (denoisedBefore.size() > HISTORY) {
            math.release(denoisedBefore.remove(HISTORY));
        }
    }

    /** The weights of x, the noise, D and the denoised latents before it. */
    private float[] coefficients(int call) {
        FlowStep step = flowStep(call);
        double from = snr(call);
        double to = snr(call + 1);
        NoiseScale.Interval interval = NoiseScale.interval(from, to);
        double alpha = 1 - step.to();
        double r = interval.ratio();
        double x = alpha / (1 - step.from()) * r;
        double added = alpha * Math.sqrt(Math.max(to * to - r * r * from * from, 0));
        double first = alpha * (1 - r);
        if (denoisedBefore.isEmpty()) {
            return new float[] {(float) x, (float) added, (float) first};
        }
        double slope = 1 / (from - snr(call - 1));
        double second = alpha * interval.linear() * slope;
        if (denoisedBefore.size() < HISTORY) {
            return new float[] {
                (float) x, (float) added, (float) (first + second), (float) -second
            };
        }
        double bend = alpha * interval.quadratic() * 2 / (from - snr(call - 2));
        double bendSlope = bend * slope;
        double slopeBefore = bend / (snr(call - 1) - snr(call - 2));
        return new float[] {
            (float) x,
            (float) added,
            (float) (first + second + bendSlope),
            (float) (-second - bendSlope - slopeBefore),
            (float) slopeBefore
        };
    }

    /** Returns Λ = σ/α before a call. */
    private double snr(int call) {
        double sigma = sigma(call);
        return sigma / (1 - sigma);
    }

    @Override
    void releaseHistory() {
        denoisedBefore.forEach(math::release);
        denoisedBefore.clear();
    }
}
