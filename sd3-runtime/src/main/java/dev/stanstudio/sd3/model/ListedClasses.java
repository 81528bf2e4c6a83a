package dev.stanstudio.sd3.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The classes that a model_index.json may list. The peers build each component by the class listed
 * there, whatever the component's own config says, so that another class is another network.
 */
final class ListedClasses {
    private static final List<String> CLIP_TOKENIZERS =
            List.of(
                    "CLIPTokenizer",
                    "CLIPTokenizerFast",
                    "PreTrainedTokenizerFast",
                    "TokenizersBackend");
    private static final List<String> T5_TOKENIZERS =
            List.of(
                    "T5TokenizerFast",
                    "T5Tokenizer",
                    "PreTrainedTokenizerFast",
                    "TokenizersBackend");
    private static final Map<String, List<String>> CLASSES = new LinkedHashMap<>();

    static {
        CLASSES.put("transformer", List.of("SD3Transformer2DModel"));
        CLASSES.put("vae", List.of("AutoencoderKL"));
        CLASSES.put("text_encoder", List.of("CLIPTextModelWithProjection"));
        CLASSES.put("text_encoder_2", List.of("CLIPTextModelWithProjection"));
        CLASSES.put("text_encoder_3", List.of("T5EncoderModel"));
        CLASSES.put("tokenizer", CLIP_TOKENIZERS);
        CLASSES.put("tokenizer_2", CLIP_TOKENIZERS);
        CLASSES.put("tokenizer_3", T5_TOKENIZERS);
    }

    private ListedClasses() {}

    /**
     * Checks every component that {@code index} lists.
     *
     * @throws UserException naming the first whose class is not that of Stable Diffusion 3
     */
    static void check(ConfigReader index) {
        CLASSES.forEach(
                (component, known) -> {
                    JsonNode listed = index.node().path(component).path(1);
                    if (listed.isTextual() && !known.contains(listed.asText())) {
                        throw new UserException(
                                "%s lists the %s as a %s, only %s is supported"
                                        .formatted(
                                                index.origin(),
                                                component,
                                                listed.asText(),
                                                known.get(0)));
                    }
                });
    }
}
