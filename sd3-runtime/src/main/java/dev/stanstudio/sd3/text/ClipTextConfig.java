package dev.stanstudio.sd3.text;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;

/**
 * The shape of a CLIP text encoder: the fields of {@code text_encoder/config.json} (transformers
 * CLIPTextConfig).
 *
 * @param vocabSize entries of the token table
 * @param hiddenSize d, width of a token
 * @param intermediateSize width inside a layer's MLP
 * @param numHiddenLayers layers
 * @param numAttentionHeads h
 * @param maxPositions longest sequence
 * @param projectionDim width of the pooled text
 * @param quickGelu whether the MLP uses x·sigmoid(1.702x) instead of GELU
 * @param layerNormEps added to the variance
 * @param eosTokenId the end token; 2 is a legacy value that means "the largest id of the row"
 */
public record ClipTextConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int maxPositions,
        int projectionDim,
        boolean quickGelu,
        double layerNormEps,
        int eosTokenId) {
    private static final int LEGACY_EOS = 2;

    /** Refuses a width that the heads do not divide. */
    public ClipTextConfig {
        if (hiddenSize % numAttentionHeads != 0) {
            throw new UserException(
                    ("text encoder config: hidden_size %s is not divisible by"
                                    + " num_attention_heads %s")
                            .formatted(hiddenSize, numAttentionHeads));
        }
    }

    /**
     * Reads {@code config.json}, with the class's defaults for missing fields.
     *
     * @throws UserException that names the field that does not fit
     */
    public static ClipTextConfig read(ConfigReader json) {
        String act = json.text("hidden_act", "quick_gelu");
        if (!act.equals("quick_gelu")) {
            json.require("hidden_act", "gelu");
        }
        return new ClipTextConfig(
                json.integer("vocab_size", 49408, 1),
                json.integer("hidden_size", 512, 1),
                json.integer("intermediate_size", 2048, 1),
                json.depth("num_hidden_layers", 12),
                json.depth("num_attention_heads", 8),
                json.integer("max_position_embeddings", 77, 1),
                json.integer("projection_dim", 512, 1),
                act.equals("quick_gelu"),
                json.number("layer_norm_eps", 1e-5),
                json.integer("eos_token_id", 49407, 0));
    }

    /** Index of the token whose state is the pooled text (transformers modeling_clip.py). */
    int endOf(long[] ids) {
        int end = 0;
        for (int i = 0; i < ids.length; i++) {
            if (eosTokenId == LEGACY_EOS) {
                end = ids[i] > ids[end] ? i : end;
            } else if (ids[i] == eosTokenId) {
                return i;
            }
        }
        return end;
    }
}
