package dev.stanstudio.sd3.schedule;

/**
 * The table of noise levels a model is trained on: entry j has σ = 1 − j/n before the shift, for j
 * = 0 … n−1, so entry 0 is pure noise and there is no final 0. Immutable. Source: the constructor
 * of diffusers scheduling_flow_match_euler_discrete.py.
 */
public final class TrainingTable {
    private final float[] sigmas;
    private final float[] timesteps;

    private TrainingTable(float[] sigmas, float[] timesteps) {
        this.sigmas = sigmas;
        this.timesteps = timesteps;
    }

    /** The table of {@code config}: statically shifted, or unshifted with dynamic shifting. */
    public static TrainingTable of(ScheduleConfig config) {
        int n = config.trainTimesteps();
        float[] sigmas = new float[n];
        float[] timesteps = new float[n];
        for (int j = 0; j < n; j++) {
            float sigma = (float) (n - j) / n;
            sigmas[j] =
                    config.dynamicShifting()
                            ? sigma
                            : (float) Precision.FLOAT32.shift(config.shift(), sigma);
            timesteps[j] = sigmas[j] * n;
        }
        return new TrainingTable(sigmas, timesteps);
    }

    /** Number of entries: {@code num_train_timesteps}. */
    public int size() {
        return sigmas.length;
    }

    /** The noise level of entry {@code j}, in (0, 1], falling with j. */
    public float sigma(int j) {
        return sigmas[j];
    }

    /** The model's timestep of entry {@code j}: {@code size}·σ. */
    public float timestep(int j) {
        return timesteps[j];
    }
}
