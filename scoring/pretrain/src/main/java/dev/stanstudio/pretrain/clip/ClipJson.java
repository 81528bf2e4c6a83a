package dev.stanstudio.pretrain.clip;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.scoring.vision.FeedForward;
import dev.stanstudio.scoring.vision.ImagePreprocessing;
import dev.stanstudio.scoring.vision.VisionConfig;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import java.util.Locale;

/** The configuration files of exported towers, as transformers' classes write them. */
record ClipJson(BpeVocabulary vocabulary) {
    private static final String TYPE = "float16";
    private static final double FIRST_LOGIT_SCALE = 2.6592;
    private static final int BICUBIC = 3;
    private static final double PER_BYTE = 1 / 255.0;

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** {@code config.json} of a CLIPModel. */
    ObjectNode model(ClipShape shape, ClipShape.Text text) {
        ObjectNode json = object();
        json.putArray("architectures").add("CLIPModel");
        json.put("dtype", TYPE)
                .put("initializer_factor", 1.0)
                .put("logit_scale_init_value", FIRST_LOGIT_SCALE)
                .put("model_type", "clip")
                .put("projection_dim", text.config().projectionDim());
        json.set("text_config", fields(text));
        json.set("vision_config", fields(shape.vision()));
        return json.put("torch_dtype", TYPE);
    }

    /** {@code config.json} of a CLIPTextModelWithProjection. */
    ObjectNode tower(ClipShape.Text text) {
        ObjectNode json = object();
        json.putArray("architectures").add("CLIPTextModelWithProjection");
        json.setAll(fields(text));
        return json.put("dtype", TYPE).put("torch_dtype", TYPE);
    }

    /** {@code config.json} of an image tower alone. */
    ObjectNode tower(VisionConfig config) {
        return fields(config).put("dtype", TYPE).put("torch_dtype", TYPE);
    }

    private ObjectNode fields(ClipShape.Text text) {
        ClipTextConfig config = text.config();
        return object().put("attention_dropout", 0.0)
                .put("bos_token_id", vocabulary.start())
                .put("eos_token_id", vocabulary.end())
                .put("hidden_act", config.quickGelu() ? "quick_gelu" : "gelu")
                .put("hidden_size", config.hiddenSize())
                .put("initializer_factor", 1.0)
                .put("initializer_range", 0.02)
                .put("intermediate_size", config.intermediateSize())
                .put("layer_norm_eps", config.layerNormEps())
                .put("max_position_embeddings", config.maxPositions())
                .put("model_type", "clip_text_model")
                .put("num_attention_heads", config.numAttentionHeads())
                .put("num_hidden_layers", config.numHiddenLayers())
                .put("pad_token_id", vocabulary.padding(text.padding()))
                .put("projection_dim", config.projectionDim())
                .put("vocab_size", config.vocabSize());
    }

    private static ObjectNode fields(VisionConfig config) {
        FeedForward act = config.feedForward();
        return object().put("attention_dropout", 0.0)
                .put("hidden_act", act.name().toLowerCase(Locale.ROOT))
                .put("hidden_size", config.width())
                .put("image_size", config.imageSize())
                .put("initializer_factor", 1.0)
                .put("initializer_range", 0.02)
                .put("intermediate_size", config.mlpWidth())
                .put("layer_norm_eps", config.eps())
                .put("model_type", config.family().modelType())
                .put("num_attention_heads", config.heads())
                .put("num_channels", 3)
                .put("num_hidden_layers", config.layers())
                .put("patch_size", config.patchSize())
                .put("projection_dim", config.projection());
    }

    /** {@code preprocessor_config.json} for square pictures of {@code side} pixels. */
    static ObjectNode preprocessing(int side) {
        ObjectNode json = object();
        json.putObject("crop_size").put("height", side).put("width", side);
        json.put("do_center_crop", true)
                .put("do_convert_rgb", true)
                .put("do_normalize", true)
                .put("do_rescale", true)
                .put("do_resize", true);
        var mean = json.putArray("image_mean");
        ImagePreprocessing.CLIP_MEAN.forEach(mean::add);
        json.put("image_processor_type", "CLIPImageProcessor");
        var std = json.putArray("image_std");
        ImagePreprocessing.CLIP_STD.forEach(std::add);
        json.put("resample", BICUBIC).put("rescale_factor", PER_BYTE);
        json.putObject("size").put("shortest_edge", side);
        return json;
    }
}
