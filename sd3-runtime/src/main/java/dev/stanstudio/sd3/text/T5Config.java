package dev.stanstudio.sd3.text;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;

/**
 * The shape of a T5 v1.1 encoder: the fields of {@code text_encoder_3/config.json} (transformers
 * T5Config).
 *
 * @param vocabSize entries of the token table
 * @param dModel d, width of a token
 * @param dKv width of a head
 * @param dFf width inside the gated MLP
 * @param numLayers layers
 * @param numHeads h
 * @param buckets buckets of relative positions
 * @param maxDistance distance from which all positions share the last bucket
 * @param layerNormEps added to the mean square
 */
public record T5Config(
        int vocabSize,
        int dModel,
        int dKv,
        int dFf,
        int numLayers,
        int numHeads,
        int buckets,
        int maxDistance,
        double layerNormEps) {
    private static final int FEWEST_BUCKETS = 4;

    /** Refuses buckets that leave no distance for the logarithmic ones. */
    public T5Config {
        int exact = buckets / 4;
        if (buckets < FEWEST_BUCKETS || maxDistance <= exact) {
            throw new UserException(
                    "text encoder 3 config: relative positions need at least %d buckets and a largest distance above a quarter of them, not %d and %d"
                            .formatted(FEWEST_BUCKETS, buckets, maxDistance));
        }
    }

    /**
     * Reads {@code config.json}, with the class's defaults for missing fields.
     *
     * @throws UserException that names the field that does not fit
     */
    public static T5Config read(ConfigReader json) {
        requireGatedGelu(json);
        return new T5Config(
                json.integer("vocab_size", 32128, 1),
                json.integer("d_model", 512, 1),
                json.integer("d_kv", 64, 1),
                json.integer("d_ff", 2048, 1),
                json.depth("num_layers", 6),
                json.depth("num_heads", 8),
                json.integer("relative_attention_num_buckets", 32, 4),
                json.integer("relative_attention_max_distance", 128, 2),
                json.number("layer_norm_epsilon", 1e-6));
    }

    /**
     * The class takes the two parts from {@code feed_forward_proj}, whose default is relu, unless
     * the config states them too; then they count.
     */
    private static void requireGatedGelu(ConfigReader json) {
        json.require("feed_forward_proj", "gated-gelu");
        json.require("dense_act_fn", "gelu_new");
        json.require("is_gated_act", "true");
        boolean stated = json.has("dense_act_fn") && json.has("is_gated_act");
        if (!stated && !json.has("feed_forward_proj")) {
            throw new UserException(
                    "%s: feed_forward_proj is missing, which means 'relu'; only 'gated-gelu' is supported"
                            .formatted(json.origin()));
        }
    }

    /** Bucket of the distance {@code key − query}, both directions (modeling_t5.py). */
    int bucket(int distance) {
        int half = buckets / 2;
        int exact = half / 2;
        int base = distance > 0 ? half : 0;
        int n = Math.abs(distance);
        if (n < exact) {
            return base + n;
        }
        double scaled = Math.log((double) n / exact) / Math.log((double) maxDistance / exact);
        return base + Math.min(half - 1, exact + (int) (scaled * (half - exact)));
    }
}
