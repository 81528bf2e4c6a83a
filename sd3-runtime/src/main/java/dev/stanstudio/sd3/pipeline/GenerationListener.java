package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.Tensor;
import java.util.function.Supplier;

/**
 * Told what a generation does; also its brake. Methods are called on the generating thread and
 * should return soon.
 */
public interface GenerationListener {
    /** A listener that wants to know nothing. */
    GenerationListener SILENT = new GenerationListener() {};

    /** What a generation is busy with. */
    enum Stage {
        /** Reading the prompts. */
        ENCODING,
        /** Turning the initial picture into latents. */
        IMAGE,
        /** Sampling. */
        DENOISING,
        /** Turning latents into a picture. */
        DECODING
    }

    /**
     * A finished call of the sampler.
     *
     * @param picture index of the picture within the request
     * @param call finished calls of this picture
     * @param calls calls of one picture in all
     * @param sigma noise level that is left
     * @param preview a small picture, an eighth of the size, made when it is asked for
     */
    record Step(int picture, int call, int calls, double sigma, Supplier<Picture> preview) {}

    /** A stage of picture {@code picture} begins. */
    default void onStage(int picture, Stage stage) {}

    /** The sampler made a step. */
    default void onStep(Step step) {}

    /** Something the user should know, such as a prompt that was cut. */
    default void onWarning(String message) {}

    /**
     * A tensor of the trace: prompt_embeds, pooled_prompt_embeds, negative_prompt_embeds,
     * negative_pooled_prompt_embeds, sigmas, latents.0 … latents.N, image. Valid during the call.
     */
    default void onTensor(int picture, String name, Tensor tensor) {}

    /** Whether tensors are wanted; they cost copies. */
    default boolean wantsTensors() {
        return false;
    }

    /**
     * Asked between layers and steps; true ends the generation with a {@code
     * CancellationException}.
     */
    default boolean isCancelled() {
        return Thread.currentThread().isInterrupted();
    }
}
