package dev.stanstudio.sd3.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Recognises quantised weights, which are not read: by {@code quantization_config} in a config.json
 * (diffusers, transformers) and by the tensors that stand beside the numbers.
 */
public final class Quantised {
    private static final String ADVICE =
            "quantised weights are not read; get the model in fp16, bf16 or fp32";
    private static final String FIELD = "quantization_config";

    /** Suffixes of tensor names and the programs that write them, the most specific first. */
    private static final Map<String, String> SIGNS = new LinkedHashMap<>();

    static {
        SIGNS.put("scaled_fp8", "ComfyUI's scaled fp8");
        SIGNS.put(".scale_weight", "ComfyUI's scaled fp8");
        SIGNS.put(".scale_input", "ComfyUI's scaled fp8");
        SIGNS.put(".weight_scale", "scaled fp8");
        SIGNS.put(".input_scale", "scaled fp8");
        SIGNS.put(".comfy_quant", "ComfyUI");
        SIGNS.put(".absmax", "bitsandbytes");
        SIGNS.put(".quant_map", "bitsandbytes");
        SIGNS.put(".SCB", "bitsandbytes");
        SIGNS.put(".bitsandbytes__nf4", "bitsandbytes");
        SIGNS.put(".bitsandbytes__fp4", "bitsandbytes");
        SIGNS.put("._data", "quanto");
        SIGNS.put("._scale", "quanto");
        SIGNS.put(".qweight", "GPTQ or AWQ");
        SIGNS.put(".qzeros", "GPTQ or AWQ");
        SIGNS.put(".weight_qdata", "torchao");
        SIGNS.put(".weight_zero_point", "torchao");
    }

    private Quantised() {}

    /** Refuses a config that says its weights are quantised. */
    static void refuse(String origin, JsonNode config) {
        JsonNode stated = config.path(FIELD);
        if (stated.isObject() && !stated.isEmpty()) {
            String method = stated.path("quant_method").asText("");
            throw new UserException(
                    "%s says %s%s: %s"
                            .formatted(
                                    origin, FIELD, method.isEmpty() ? "" : " " + method, ADVICE));
        }
    }

    /** Returns a hint from tensors of these names, as the end of a refusal; empty for nothing. */
    public static String hint(Collection<String> names) {
        for (Map.Entry<String, String> sign : SIGNS.entrySet()) {
            if (names.stream().anyMatch(name -> name.endsWith(sign.getKey()))) {
                return "; these are weights quantised by " + sign.getValue() + ": " + ADVICE;
            }
        }
        return "";
    }
}
