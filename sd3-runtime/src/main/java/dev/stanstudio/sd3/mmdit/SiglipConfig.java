package dev.stanstudio.sd3.mmdit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;

/**
 * The shape of a SigLIP image tower: the fields of {@code config.json} (transformers
 * configuration_siglip.py, SiglipVisionConfig).
 *
 * @param width w, width of a feature
 * @param mlpWidth width inside a block's MLP
 * @param layers blocks
 * @param heads of each attention
 * @param imageSize side of the pictures in pixels
 * @param patchSize side of a patch in pixels
 * @param eps added to the variance in layer norms
 */
public record SiglipConfig(
        int width, int mlpWidth, int layers, int heads, int imageSize, int patchSize, double eps) {
    private static final String TYPE = "model_type";
    private static final String VISION_TYPE = "siglip_vision_model";

    /** Refuses numbers that no tower can have. */
    public SiglipConfig {
        if (width % heads != 0) {
            throw new UserException(
                    "SigLIP config: hidden_size %d is not divisible by num_attention_heads %d"
                            .formatted(width, heads));
        }
        if (patchSize > imageSize) {
            throw new UserException(
                    "SigLIP config: patch_size %d is larger than image_size %d"
                            .formatted(patchSize, imageSize));
        }
        if (layers < 2) {
            throw new UserException(
                    "SigLIP config: %d layer leaves none before the last, whose features an"
                                    .formatted(layers)
                            + " IP-Adapter reads");
        }
    }

    /** Patches of a picture. */
    public int patches() {
        return (imageSize / patchSize) * (imageSize / patchSize);
    }

    /**
     * Reads a tower's config, or that of SigLIP's both towers, with the class's defaults for
     * missing fields.
     *
     * @throws UserException if it is of another network, naming the field
     */
    public static SiglipConfig read(ConfigReader json) {
        if (json.text(TYPE, "").equals("siglip")) {
            JsonNode vision = json.node().path("vision_config");
            return fields(new ConfigReader(json.origin() + ": vision_config", vision));
        }
        json.require(TYPE, VISION_TYPE);
        return fields(json);
    }

    private static SiglipConfig fields(ConfigReader json) {
        json.require("num_channels", "3");
        json.require("hidden_act", "gelu_pytorch_tanh");
        return new SiglipConfig(
                json.integer("hidden_size", 768, 1),
                json.integer("intermediate_size", 3072, 1),
                json.depth("num_hidden_layers", 12),
                json.depth("num_attention_heads", 12),
                json.integer("image_size", 224, 1),
                json.integer("patch_size", 16, 1),
                json.number("layer_norm_eps", 1e-6));
    }
}
