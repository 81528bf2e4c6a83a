package dev.stanstudio.sd3.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.text.T5Config;
import dev.stanstudio.sd3.vae.VaeConfig;

/** The configuration files of a diffusers folder, as diffusers and transformers write them. */
public final class ConfigJson {
    private ConfigJson() {}

    /** {@code transformer/config.json}. */
    public static ObjectNode transformer(MmditConfig config) {
        ObjectNode json = Json.PLAIN.createObjectNode();
        json.put("_class_name", "SD3Transformer2DModel");
        json.put("attention_head_dim", config.attentionHeadDim());
        json.put("caption_projection_dim", config.width());
        ArrayNode dual = json.putArray("dual_attention_layers");
        config.dualAttentionLayers().stream().sorted().forEach(dual::add);
        json.put("in_channels", config.inChannels());
        json.put("joint_attention_dim", config.jointAttentionDim());
        json.put("num_attention_heads", config.numAttentionHeads());
        json.put("num_layers", config.numLayers());
        json.put("out_channels", config.outChannels());
        json.put("patch_size", config.patchSize());
        json.put("pooled_projection_dim", config.pooledProjectionDim());
        json.put("pos_embed_max_size", config.posEmbedMaxSize());
        json.put("qk_norm", config.rmsQkNorm() ? "rms_norm" : null);
        json.put("sample_size", config.sampleSize());
        return json;
    }

    /**
     * {@code config.json} of a control network (diffusers SD3ControlNetModel) with positions of its
     * own.
     *
     * @param sampleSize side of the latents that it was trained with
     */
    public static ObjectNode control(ControlNetConfig config, int sampleSize) {
        ObjectNode json = Json.PLAIN.createObjectNode();
        json.put("_class_name", "SD3ControlNetModel");
        json.put("attention_head_dim", config.attentionHeadDim());
        json.put("caption_projection_dim", config.width());
        ArrayNode dual = json.putArray("dual_attention_layers");
        config.dualAttentionLayers().stream().sorted().forEach(dual::add);
        json.put("extra_conditioning_channels", config.extraChannels());
        json.put("force_zeros_for_pooled_projection", config.zeroPooled());
        json.put("in_channels", config.inChannels());
        json.put("joint_attention_dim", config.jointAttentionDim());
        json.put("num_attention_heads", config.numAttentionHeads());
        json.put("num_layers", config.numLayers());
        json.put("out_channels", config.inChannels());
        json.put("patch_size", config.patchSize());
        json.put("pooled_projection_dim", config.pooledProjectionDim());
        json.put("pos_embed_max_size", config.posEmbedMaxSize());
        json.put("pos_embed_type", "sincos");
        json.put("qk_norm", config.rmsQkNorm() ? "rms_norm" : null);
        json.put("sample_size", sampleSize);
        json.put("use_pos_embed", true);
        return json;
    }

    /** {@code vae/config.json}. */
    public static ObjectNode vae(VaeConfig config) {
        ObjectNode json = Json.PLAIN.createObjectNode();
        json.put("_class_name", "AutoencoderKL");
        json.put("act_fn", "silu");
        json.put("force_upcast", true);
        json.put("in_channels", config.inChannels());
        json.put("out_channels", config.outChannels());
        json.put("latent_channels", config.latentChannels());
        json.put("layers_per_block", config.layersPerBlock());
        json.put("mid_block_add_attention", config.midBlockAddAttention());
        json.put("norm_num_groups", config.normNumGroups());
        json.put("sample_size", config.sampleSize());
        json.put("scaling_factor", config.scalingFactor());
        json.put("shift_factor", config.shiftFactor());
        json.put("use_quant_conv", config.quantConv());
        json.put("use_post_quant_conv", config.postQuantConv());
        ArrayNode widths = json.putArray("block_out_channels");
        ArrayNode down = json.putArray("down_block_types");
        ArrayNode up = json.putArray("up_block_types");
        for (int width : config.blockOutChannels()) {
            widths.add(width);
            down.add("DownEncoderBlock2D");
            up.add("UpDecoderBlock2D");
        }
        return json;
    }

    /**
     * {@code text_encoder/config.json} of a CLIP text encoder with the published special tokens.
     */
    public static ObjectNode clip(ClipTextConfig config) {
        ObjectNode json = Json.PLAIN.createObjectNode();
        json.putArray("architectures").add("CLIPTextModelWithProjection");
        json.put("model_type", "clip_text_model");
        json.put("vocab_size", config.vocabSize());
        json.put("hidden_size", config.hiddenSize());
        json.put("intermediate_size", config.intermediateSize());
        json.put("num_hidden_layers", config.numHiddenLayers());
        json.put("num_attention_heads", config.numAttentionHeads());
        json.put("max_position_embeddings", config.maxPositions());
        json.put("projection_dim", config.projectionDim());
        json.put("hidden_act", config.quickGelu() ? "quick_gelu" : "gelu");
        json.put("layer_norm_eps", config.layerNormEps());
        json.put("bos_token_id", 0);
        json.put("eos_token_id", config.eosTokenId());
        json.put("pad_token_id", 1);
        return json;
    }

    /** {@code text_encoder_3/config.json}. */
    public static ObjectNode t5(T5Config config) {
        ObjectNode json = Json.PLAIN.createObjectNode();
        json.putArray("architectures").add("T5EncoderModel");
        json.put("model_type", "t5");
        json.put("vocab_size", config.vocabSize());
        json.put("d_model", config.dModel());
        json.put("d_kv", config.dKv());
        json.put("d_ff", config.dFf());
        json.put("num_layers", config.numLayers());
        json.put("num_decoder_layers", config.numLayers());
        json.put("num_heads", config.numHeads());
        json.put("feed_forward_proj", "gated-gelu");
        json.put("is_gated_act", true);
        json.put("dense_act_fn", "gelu_new");
        json.put("relative_attention_num_buckets", config.buckets());
        json.put("relative_attention_max_distance", config.maxDistance());
        json.put("layer_norm_epsilon", config.layerNormEps());
        json.put("tie_word_embeddings", false);
        return json;
    }

    /** {@code scheduler/scheduler_config.json}. */
    public static ObjectNode scheduler(double shift) {
        ObjectNode json = Json.PLAIN.createObjectNode();
        json.put("_class_name", "FlowMatchEulerDiscreteScheduler");
        json.put("num_train_timesteps", 1000);
        json.put("shift", shift);
        return json;
    }

    /** {@code model_index.json}, with T5 or without. */
    public static ObjectNode index(boolean withT5) {
        ObjectNode json = Json.PLAIN.createObjectNode();
        json.put("_class_name", "StableDiffusion3Pipeline");
        part(json, "feature_extractor", null, null);
        part(json, "image_encoder", null, null);
        part(json, "scheduler", "diffusers", "FlowMatchEulerDiscreteScheduler");
        for (String suffix : new String[] {"", "_2"}) {
            part(json, "text_encoder" + suffix, "transformers", "CLIPTextModelWithProjection");
            part(json, "tokenizer" + suffix, "transformers", "CLIPTokenizer");
        }
        String library = withT5 ? "transformers" : null;
        part(json, "text_encoder_3", library, withT5 ? "T5EncoderModel" : null);
        part(json, "tokenizer_3", library, withT5 ? "T5TokenizerFast" : null);
        part(json, "transformer", "diffusers", "SD3Transformer2DModel");
        part(json, "vae", "diffusers", "AutoencoderKL");
        return json;
    }

    private static void part(
            ObjectNode json,
            String name,
            @org.jspecify.annotations.Nullable String library,
            @org.jspecify.annotations.Nullable String type) {
        json.putArray(name).add(library).add(type);
    }
}
