package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.schedule.SamplerKind;

/**
 * Defaults of a model for what a request leaves out: diffusers' defaults, or the {@code _studio}
 * object of model_index.json (diffusers ignores keys that begin with an underscore).
 *
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 * @param steps of the sampler
 * @param guidance scale of classifier-free guidance
 * @param maxSequenceLength T5 tokens
 * @param sampler the sampler of the model's scheduler class
 */
public record ModelDefaults(
        int width,
        int height,
        int steps,
        double guidance,
        int maxSequenceLength,
        SamplerKind sampler) {
    private static final int STEPS = 28;
    private static final double GUIDANCE = 7.0;
    private static final int T5_LENGTH = 256;

    /** Refuses defaults that no request could have. */
    public ModelDefaults {
        if (width < 16 || height < 16 || width % 16 != 0 || height % 16 != 0) {
            throw new UserException(
                    "model_index.json: _studio size %s×%s is not divisible by 16"
                            .formatted(width, height));
        }
    }

    /** Defaults with Euler's method. */
    public ModelDefaults(int width, int height, int steps, double guidance, int maxSequenceLength) {
        this(width, height, steps, guidance, maxSequenceLength, SamplerKind.EULER);
    }

    /** The same defaults with another sampler. */
    ModelDefaults with(SamplerKind other) {
        return new ModelDefaults(width, height, steps, guidance, maxSequenceLength, other);
    }

    /** diffusers' defaults for pictures of {@code side} pixels. */
    public static ModelDefaults of(int side) {
        return new ModelDefaults(side, side, STEPS, GUIDANCE, T5_LENGTH);
    }

    /**
     * The defaults in {@code studio}; where it lacks one, that of pictures of {@code side} pixels.
     */
    static ModelDefaults read(ConfigReader studio, int side) {
        return new ModelDefaults(
                studio.integer("width", side, 16),
                studio.integer("height", side, 16),
                studio.integer("steps", STEPS, 1),
                studio.number("guidance", GUIDANCE),
                studio.integer("max_sequence_length", T5_LENGTH, 1));
    }
}
