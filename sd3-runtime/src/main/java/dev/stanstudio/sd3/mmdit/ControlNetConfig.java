package dev.stanstudio.sd3.mmdit;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The shape of a control network for an {@link Mmdit}: the fields of its {@code config.json}
 * (diffusers controlnet_sd3.py, SD3ControlNetModel).
 *
 * @param patchSize latent pixels of a token's side
 * @param inChannels channels of the latents it reads
 * @param numLayers blocks, each with one output
 * @param attentionHeadDim D, width of a head
 * @param numAttentionHeads h; the width d is h·D
 * @param jointAttentionDim width of a text token, or 0 where blocks read no text (Stability's
 *     networks for SD3.5-large)
 * @param pooledProjectionDim width of the pooled text
 * @param embedding the first layer of its latents
 * @param posEmbedMaxSize side of its own position table in tokens, or 0 without one
 * @param extraChannels further channels of the control latents, such as a mask
 * @param dualAttentionLayers blocks with a second attention over the image alone
 * @param rmsQkNorm whether queries and keys are normalised per head
 * @param zeroPooled whether zeros take the place of the pooled text, and the control latents are
 *     not shifted (InstantX)
 */
public record ControlNetConfig(
        int patchSize,
        int inChannels,
        int numLayers,
        int attentionHeadDim,
        int numAttentionHeads,
        int jointAttentionDim,
        int pooledProjectionDim,
        Embedding embedding,
        int posEmbedMaxSize,
        int extraChannels,
        Set<Integer> dualAttentionLayers,
        boolean rmsQkNorm,
        boolean zeroPooled) {

    /** The first layer of the latents. */
    public enum Embedding {
        /** A projection of its own, with positions. */
        POSITIONS,
        /** A projection of its own alone. */
        PATCHES,
        /** That of the transformer. */
        TRANSFORMER
    }

    /** Refuses numbers that no network can have. */
    public ControlNetConfig {
        // Sorted, since the text of a configuration is hashed.
        dualAttentionLayers = Collections.unmodifiableSortedSet(new TreeSet<>(dualAttentionLayers));
        for (int layer : dualAttentionLayers) {
            if (layer < 0 || layer >= numLayers) {
                throw new UserException(
                        "ControlNet config: dual_attention_layers names block %d of %d"
                                .formatted(layer, numLayers));
            }
        }
        if (embedding == Embedding.POSITIONS && posEmbedMaxSize < 1) {
            throw new UserException(
                    "ControlNet config: pos_embed_max_size must be at least 1, not "
                            + posEmbedMaxSize);
        }
    }

    /**
     * Returns the shape of a network whose blocks are the first of a transformer, with positions
     * and pooled text of its own.
     *
     * @throws UserException if the transformer has no more than so many blocks; its last one has no
     *     whole text stream
     */
    public static ControlNetConfig of(MmditConfig transformer, int layers) {
        if (layers < 1 || layers >= transformer.numLayers()) {
            throw new UserException(
                    "a ControlNet of this model has 1 … %d blocks, not %d"
                            .formatted(transformer.numLayers() - 1, layers));
        }
        Set<Integer> dual =
                transformer.dualAttentionLayers().stream()
                        .filter(layer -> layer < layers)
                        .collect(Collectors.toSet());
        return new ControlNetConfig(
                transformer.patchSize(),
                transformer.inChannels(),
                layers,
                transformer.attentionHeadDim(),
                transformer.numAttentionHeads(),
                transformer.jointAttentionDim(),
                transformer.pooledProjectionDim(),
                Embedding.POSITIONS,
                transformer.posEmbedMaxSize(),
                0,
                dual,
                transformer.rmsQkNorm(),
                false);
    }

    /** d = heads × head width. */
    public int width() {
        return Math.multiplyExact(numAttentionHeads, attentionHeadDim);
    }

    /** Returns true if its blocks read the prompt's tokens. */
    public boolean readsText() {
        return jointAttentionDim > 0;
    }

    /** Returns the parts of joint block {@code index}; all have a whole text stream. */
    MmditBlock.Shape block(int index) {
        return new MmditBlock.Shape(false, isDual(index), rmsQkNorm);
    }

    /** Returns true if block {@code index} has the second attention. */
    boolean isDual(int index) {
        return dualAttentionLayers.contains(index);
    }

    /**
     * Reads {@code config.json}, with the class's defaults for missing fields.
     *
     * @param extraChannels further channels that the weights have, where the config names none
     * @throws UserException that names the field that does not fit
     */
    public static ControlNetConfig read(ConfigReader json, int extraChannels) {
        String qkNorm = json.text("qk_norm", "none");
        if (!qkNorm.equals("none")) {
            json.require("qk_norm", "rms_norm");
        }
        Embedding embedding = embedding(json);
        boolean positions = embedding == Embedding.POSITIONS;
        ControlNetConfig config =
                new ControlNetConfig(
                        json.integer("patch_size", 2, 1),
                        json.integer("in_channels", 16, 1),
                        json.depth("num_layers", 18),
                        json.depth("attention_head_dim", 64),
                        json.depth("num_attention_heads", 18),
                        isNull(json, "joint_attention_dim")
                                ? 0
                                : json.integer("joint_attention_dim", 4096, 1),
                        json.integer("pooled_projection_dim", 2048, 1),
                        embedding,
                        positions ? json.integer("pos_embed_max_size", 96, 1) : 0,
                        json.integer("extra_conditioning_channels", extraChannels, 0),
                        Set.copyOf(json.integers("dual_attention_layers", List.of(), 0)),
                        qkNorm.equals("rms_norm"),
                        json.flag("force_zeros_for_pooled_projection", true));
        config.checkCaption(json);
        return config;
    }

    private void checkCaption(ConfigReader json) {
        int caption = json.integer("caption_projection_dim", 1152, 1);
        if (readsText() && caption != width()) {
            throw new UserException(
                    "%s: caption_projection_dim %d must equal heads × head width = %d"
                            .formatted(json.origin(), caption, width()));
        }
    }

    private static Embedding embedding(ConfigReader json) {
        if (!json.flag("use_pos_embed", true)) {
            return Embedding.TRANSFORMER;
        }
        if (isNull(json, "pos_embed_type")) {
            return Embedding.PATCHES;
        }
        json.require("pos_embed_type", "sincos");
        return Embedding.POSITIONS;
    }

    /** A field that says null is no missing one, for which the class's default counts. */
    private static boolean isNull(ConfigReader json, String field) {
        return json.node().has(field) && json.node().get(field).isNull();
    }
}
