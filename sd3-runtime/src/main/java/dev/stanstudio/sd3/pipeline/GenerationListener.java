package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.Tensor;
import java.util.function.Supplier;

/**
 * Receives the progress of a generation and can cancel it. Methods are called on the generating
 * thread and should return soon.
 */
public interface GenerationListener {
    /** Ignores all events. */
    GenerationListener SILENT = new GenerationListener() {};

    /** The parts of a generation, in their order. */
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

    /** Receives that a stage of picture {@code picture} begins. */
    default void onStage(int picture, Stage stage) {}

    /** Receives a finished call of the sampler. */
    default void onStep(Step step) {}

    /** Receives a note for the user, such as that a prompt was cut. */
    default void onWarning(String message) {}

    /**
     * Receives a tensor of the trace: prompt_embeds, pooled_prompt_embeds, negative_prompt_embeds,
     * negative_pooled_prompt_embeds, sigmas, latents.0 … latents.N, image. Valid during the call.
     */
    default void onTensor(int picture, String name, Tensor tensor) {}

    /** Returns whether tensors are wanted; they cost copies. */
    default boolean wantsTensors() {
        return false;
    }

    /**
     * Returns whether to cancel; called between layers and steps. True ends the generation with a
     * {@code CancellationException}.
     */
    default boolean isCancelled() {
        return Thread.currentThread().isInterrupted();
    }
}
