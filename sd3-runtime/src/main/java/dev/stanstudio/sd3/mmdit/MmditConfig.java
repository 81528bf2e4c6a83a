package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The shape of an MMDiT: the fields of {@code transformer/config.json} (diffusers
 * transformer_sd3.py).
 *
 * @param sampleSize latent side the model was made for; ×8 is the default picture side
 * @param patchSize latent pixels of a token's side
 * @param inChannels channels of the latents it reads
 * @param numLayers joint blocks
 * @param attentionHeadDim D, width of a head
 * @param numAttentionHeads h; the width d is h·D
 * @param jointAttentionDim width of a text token
 * @param pooledProjectionDim width of the pooled text
 * @param outChannels channels of the velocity
 * @param posEmbedMaxSize side of the position table, in tokens
 * @param dualAttentionLayers blocks with a second attention over the image alone (SD3.5-medium)
 * @param rmsQkNorm whether queries and keys are normalised per head (SD3.5)
 */
public record MmditConfig(
        int sampleSize,
        int patchSize,
        int inChannels,
        int numLayers,
        int attentionHeadDim,
        int numAttentionHeads,
        int jointAttentionDim,
        int pooledProjectionDim,
        int outChannels,
        int posEmbedMaxSize,
        Set<Integer> dualAttentionLayers,
        boolean rmsQkNorm) {

    /** Refuses numbers that no model can have. */
    public MmditConfig {
        positive("sample_size", sampleSize);
        positive("patch_size", patchSize);
        positive("in_channels", inChannels);
        positive("num_layers", numLayers);
        positive("attention_head_dim", attentionHeadDim);
        positive("num_attention_heads", numAttentionHeads);
        positive("joint_attention_dim", jointAttentionDim);
        positive("pooled_projection_dim", pooledProjectionDim);
        positive("out_channels", outChannels);
        positive("pos_embed_max_size", posEmbedMaxSize);
        // Sorted, since the text of a configuration is hashed.
        dualAttentionLayers = Collections.unmodifiableSortedSet(new TreeSet<>(dualAttentionLayers));
        for (int layer : dualAttentionLayers) {
            if (layer < 0 || layer >= numLayers) {
                throw new UserException(
                        "transformer config: dual_attention_layers names block %s of %s"
                                .formatted(layer, numLayers));
            }
        }
    }

    private static void positive(String field, int value) {
        if (value < 1 || value > 1 << 20) {
            throw new UserException(
                    "transformer config: " + field + " must be 1 … 1048576, not " + value);
        }
    }

    /** d = heads × head width. */
    public int width() {
        return Math.multiplyExact(numAttentionHeads, attentionHeadDim);
    }

    /** Returns true if block {@code index} has the second attention. */
    public boolean isDual(int index) {
        return dualAttentionLayers.contains(index);
    }

    /** Returns true if block {@code index} is the last, whose context output is not used. */
    public boolean isLast(int index) {
        return index == numLayers - 1;
    }

    /** Returns the parts of block {@code index}. */
    MmditBlock.Shape block(int index) {
        return new MmditBlock.Shape(isLast(index), isDual(index), rmsQkNorm);
    }

    /** The largest side of a picture in pixels, 8 per latent pixel. */
    public int maxPixels() {
        return posEmbedMaxSize * patchSize * 8;
    }

    /**
     * Reads {@code config.json}, with the class's defaults for missing fields.
     *
     * @throws UserException that names the field that does not fit
     */
    public static MmditConfig read(ConfigReader json) {
        String qkNorm = json.text("qk_norm", "none");
        if (!qkNorm.equals("none")) {
            json.require("qk_norm", "rms_norm");
        }
        MmditConfig config =
                new MmditConfig(
                        json.integer("sample_size", 128, 1),
                        json.integer("patch_size", 2, 1),
                        json.integer("in_channels", 16, 1),
                        json.depth("num_layers", 18),
                        json.depth("attention_head_dim", 64),
                        json.depth("num_attention_heads", 18),
                        json.integer("joint_attention_dim", 4096, 1),
                        json.integer("pooled_projection_dim", 2048, 1),
                        json.integer("out_channels", 16, 1),
                        json.integer("pos_embed_max_size", 96, 1),
                        Set.copyOf(json.integers("dual_attention_layers", List.of(), 0)),
                        qkNorm.equals("rms_norm"));
        int caption = json.integer("caption_projection_dim", 1152, 1);
        if (caption != config.width()) {
            throw new UserException(
                    "%s: caption_projection_dim %s must equal heads × head width = %s"
                            .formatted(json.origin(), caption, config.width()));
        }
        return config;
    }
}
