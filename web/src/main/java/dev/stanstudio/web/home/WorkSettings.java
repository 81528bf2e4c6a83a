package dev.stanstudio.web.home;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.checkpoint.Quantization;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the studio's computations.
 *
 * @param model name or path of the model that is suggested, or null for the built-in one
 * @param device {@code cpu}, {@code cuda} or {@code cuda:N}, or several with commas; null for a
 *     card if there is one
 * @param dtype {@code fp32}, {@code fp16} or {@code bf16}, or null for the device's usual one
 * @param quantization form in which the matrices of transformer and T5 stay in memory
 * @param workers pictures drawn at a time by this process; 0 only takes orders
 * @param welcome whether an empty studio draws a first matrix by itself
 * @param previewDecoder file or folder of a tiny autoencoder for previews, or null
 */
public record WorkSettings(
        @Nullable String model,
        @Nullable String device,
        @Nullable String dtype,
        Quantization quantization,
        int workers,
        boolean welcome,
        @Nullable Path previewDecoder) {
    private static final int MOST_WORKERS = 64;

    /** Refuses numbers of workers that cannot be meant. */
    public WorkSettings {
        if (workers < 0 || workers > MOST_WORKERS) {
            throw new ArgumentException(
                    "--workers must be 0 … " + MOST_WORKERS + ", not " + workers);
        }
    }

    /** Settings whose previews are drawn by what lies with the model. */
    public WorkSettings(
            @Nullable String model,
            @Nullable String device,
            @Nullable String dtype,
            Quantization quantization,
            int workers,
            boolean welcome) {
        this(model, device, dtype, quantization, workers, welcome, null);
    }

    /** No worker, nothing drawn by itself. */
    public static WorkSettings defaults() {
        return new WorkSettings(null, null, null, Quantization.NONE, 0, false);
    }
}
