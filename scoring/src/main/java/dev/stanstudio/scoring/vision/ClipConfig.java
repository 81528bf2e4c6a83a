package dev.stanstudio.scoring.vision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.text.ClipTextConfig;

/**
 * The shape of a CLIP model: its {@code config.json} (transformers configuration_clip.py,
 * CLIPConfig). Both towers project to the width in the outer object, whatever the inner ones say.
 *
 * @param text the text tower
 * @param vision the image tower
 */
public record ClipConfig(ClipTextConfig text, VisionConfig vision) {
    private static final int DEFAULT_PROJECTION = 512;

    /**
     * Reads {@code config.json}, with the classes' defaults for missing fields.
     *
     * @throws dev.stanstudio.base.UserException that names the field that does not fit
     */
    public static ClipConfig read(ConfigReader json) {
        json.require("model_type", "clip");
        int projection = json.integer("projection_dim", DEFAULT_PROJECTION, 1);
        ClipTextConfig text = ClipTextConfig.read(section(json, "text_config"));
        VisionConfig vision =
                VisionConfig.read(VisionFamily.CLIP, section(json, "vision_config"), projection);
        return new ClipConfig(projectedTo(projection, text), vision);
    }

    /** Old files carry the section again as {@code …_dict}, which then counts alone. */
    private static ConfigReader section(ConfigReader json, String name) {
        JsonNode old = json.node().path(name + "_dict");
        JsonNode used = old.isObject() ? old : json.node().path(name);
        return new ConfigReader(json.origin() + ": " + name, used);
    }

    private static ClipTextConfig projectedTo(int projection, ClipTextConfig text) {
        return new ClipTextConfig(
                text.vocabSize(),
                text.hiddenSize(),
                text.intermediateSize(),
                text.numHiddenLayers(),
                text.numAttentionHeads(),
                text.maxPositions(),
                projection,
                text.quickGelu(),
                text.layerNormEps(),
                text.eosTokenId());
    }
}
