package dev.stanstudio.sd3.schedule;

import java.util.List;

/**
 * Consistency sampling (Song et al. 2023, arXiv 2303.01469, algorithm 1; Luo et al. 2023, arXiv
 * 2310.04378) on the rectified-flow process: each step takes the picture that the velocity points
 * at, and adds fresh noise for the next level. For models that are distilled to few steps. Source:
 * diffusers scheduling_flow_match_lcm.py; ComfyUI's {@code lcm} is the same on flow models.
 *
 * <pre>
 * x ← (1 − σ_t)·D + σ_t·noise,   D = x − σ_s·v
 * </pre>
 */
final class LcmSampler<T> extends TableSampler<T> {
    private final NoiseSource<T> noise;

    LcmSampler(SigmaTable table, int firstStep, LatentMath<T> math, NoiseSource<T> noise) {
        super(table, firstStep, math);
        this.noise = noise;
        requireFall();
    }

    @Override
    T advance(int call, T latents, T velocity) {
        float to = sigma(call + 1);
        if (to == 0) {
            return denoised(call, latents, velocity);
        }
        float kept = 1 - to;
        T drawn = noise.draw(latents);
        try {
            return math.combine(
                    new float[] {kept, -kept * sigma(call), to}, List.of(latents, velocity, drawn));
        } finally {
            math.release(drawn);
        }
    }

    @Override
    void releaseHistory() {}
}
