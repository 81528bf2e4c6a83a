package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.Locale;

/**
 * The shape of a vision transformer: the fields of {@code config.json}.
 *
 * @param family which published kind it is
 * @param width d, width of a token
 * @param mlpWidth width inside a block's MLP, after a SwiGLU's gate
 * @param layers blocks
 * @param heads h
 * @param imageSize side in pixels of the pictures that the positions were learned on
 * @param patchSize side of a patch in pixels
 * @param feedForward what the MLP does between its maps
 * @param eps added to the variance in layer norms
 * @param qkvBias whether query, key and value have biases
 * @param registers tokens beside the class token and the patches
 * @param projection width of the projected features; 0 for none
 */
public record VisionConfig(
        VisionFamily family,
        int width,
        int mlpWidth,
        int layers,
        int heads,
        int imageSize,
        int patchSize,
        FeedForward feedForward,
        double eps,
        boolean qkvBias,
        int registers,
        int projection) {
    /** A SwiGLU's width is rounded up to a multiple of this (transformers modeling_dinov2.py). */
    private static final int SWIGLU_STEP = 8;

    /** Refuses a width that the heads do not divide and patches larger than the picture. */
    public VisionConfig {
        if (width % heads != 0) {
            throw new UserException(
                    "%s config: hidden_size %s is not divisible by num_attention_heads %s"
                            .formatted(family.modelType(), width, heads));
        }
        if (patchSize > imageSize) {
            throw new UserException(
                    "%s config: patch_size %s is larger than image_size %s"
                            .formatted(family.modelType(), patchSize, imageSize));
        }
        if (!(eps >= 0)) {
            throw new UserException(
                    family.modelType() + " config: layer_norm_eps must not be negative: " + eps);
        }
    }

    /**
     * Reads the config of {@code family}, with its class's defaults for missing fields.
     *
     * @param projection width of the projected features; 0 for none
     * @throws UserException that names the field that does not fit
     */
    public static VisionConfig read(VisionFamily family, ConfigReader json, int projection) {
        json.require("num_channels", "3");
        int width = json.integer("hidden_size", 768, 1);
        boolean gated = family.isDinov2() && json.flag("use_swiglu_ffn", false);
        FeedForward activation = FeedForward.read(json, family.defaultActivation);
        return new VisionConfig(
                family,
                width,
                family.isDinov2()
                        ? mlpWidth(json, width, gated)
                        : json.integer("intermediate_size", 3072, 1),
                json.integer("num_hidden_layers", 12, 1),
                json.integer("num_attention_heads", 12, 1),
                json.integer("image_size", 224, 1),
                json.integer("patch_size", family.defaultPatch, 1),
                gated ? FeedForward.SWIGLU : activation,
                json.number("layer_norm_eps", family.defaultEps),
                json.flag("qkv_bias", true),
                family == VisionFamily.DINOV2_REGISTERS
                        ? json.integer("num_register_tokens", 4, 1)
                        : 0,
                projection);
    }

    private static int mlpWidth(ConfigReader json, int width, boolean gated) {
        int full = (int) (width * json.number("mlp_ratio", 4));
        if (full < 1) {
            throw new UserException(json.origin() + ": mlp_ratio leaves an MLP without width");
        }
        return gated
                ? ((int) (full * 2 / 3.0) + SWIGLU_STEP - 1) / SWIGLU_STEP * SWIGLU_STEP
                : full;
    }

    /** Patches along a side of the grid that the positions were learned on. */
    int side() {
        return imageSize / patchSize;
    }

    /** The length of a feature vector. */
    int features() {
        return projection > 0 ? projection : width;
    }

    /** Every number that the results depend on, in words that never change. */
    String identity() {
        return String.format(
                Locale.ROOT,
                "%s width=%d mlp=%d layers=%d heads=%d image=%d patch=%d %s eps=%s qkv-bias=%b"
                        + " registers=%d projection=%d",
                family.modelType(),
                width,
                mlpWidth,
                layers,
                heads,
                imageSize,
                patchSize,
                feedForward.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                eps,
                qkvBias,
                registers,
                projection);
    }
}
