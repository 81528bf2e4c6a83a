package dev.stanstudio.sd3.model;

import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.schedule.ScheduleConfig;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.text.T5Config;
import dev.stanstudio.sd3.vae.VaeConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of one Stable Diffusion 3 model, whatever their layout. Configurations and headers are
 * read and checked when they are asked for; tensors are read when a network opens them.
 */
public sealed interface ModelSource extends AutoCloseable permits ModelFolder, SingleFile {
    /** A short name for messages: the folder's or the file's. */
    String name();

    /** The folder or file. */
    Path path();

    /** Configuration of the transformer. */
    MmditConfig transformerConfig();

    /** Tensors of the transformer. */
    Weights transformer();

    /** Configuration of the autoencoder. */
    VaeConfig vaeConfig();

    /** Tensors of the autoencoder. */
    Weights vae();

    /** Returns whether the text encoders are there; a transformer alone is a model too. */
    boolean hasTextEncoders();

    /**
     * A CLIP text encoder: configuration, tensors and tokenizer folder.
     *
     * @param which 1 for CLIP-L, 2 for CLIP-G
     */
    ClipPart clip(int which);

    /** T5, or empty where the model comes without it. */
    Optional<T5Part> t5();

    /** The noise schedule. */
    ScheduleConfig schedule();

    /** Returns the defaults for what a request leaves out. */
    ModelDefaults defaults();

    /**
     * A SHA-256 over the names, types, shapes and sampled bytes of all tensors: distinguishes
     * models without reading gigabytes ({@link Fingerprint}).
     */
    String fingerprint();

    /**
     * Returns the identity of what the configuration files say beside the weights ({@link
     * Fingerprint#ofSettings}); tokenizers are left out.
     */
    default String settings() {
        return Fingerprint.ofSettings(
                transformerConfig(),
                vaeConfig(),
                clip(1).config(),
                clip(2).config(),
                t5().map(T5Part::config),
                schedule(),
                defaults().sampler());
    }

    /** Returns weights and settings in one: what other pictures come of than of this model. */
    default String identity() {
        return fingerprint() + "-" + settings();
    }

    /**
     * Fingerprints of earlier models that this one extends: it has all their weights and draws the
     * same pictures for what they knew, so that their adapters fit.
     */
    default List<String> extended() {
        return List.of();
    }

    /** One CLIP text encoder. */
    record ClipPart(ClipTextConfig config, Weights weights, Path tokenizer) {}

    /** T5. */
    record T5Part(T5Config config, Weights weights, Path tokenizer) {}

    /**
     * Opens a diffusers folder or a single safetensors or GGUF file.
     *
     * @param path folder with model_index.json, or a file
     * @param variant such as {@code fp16}, or null; components without it take the plain files
     * @param companion for a single file, a folder that gives tokenizers, configurations and the
     *     parts the file lacks; may be null
     * @throws dev.stanstudio.base.UserException that names what is wrong with the path
     */
    static ModelSource open(
            Path path,
            @org.jspecify.annotations.Nullable String variant,
            @org.jspecify.annotations.Nullable Path companion) {
        return java.nio.file.Files.isRegularFile(path)
                ? SingleFile.open(path, companion)
                : ModelFolder.open(path, variant);
    }

    @Override
    void close();
}
