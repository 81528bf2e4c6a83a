package dev.stanstudio.adapter.lora;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.adapter.ModulePattern;
import dev.stanstudio.datasets.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of PEFT's LoraConfig that decide what a LoRA's tensors mean (PEFT lora/config.py);
 * others do not change the sum and are ignored.
 *
 * @param origin where the fields stand, for errors
 * @param rank r of modules that no pattern names
 * @param alpha α of modules that no pattern names
 * @param rankStabilized {@code use_rslora}
 * @param rankPattern r by pattern of module paths
 * @param alphaPattern α by pattern of module paths
 * @param baseModel {@code base_model_name_or_path}
 */
record PeftConfig(
        String origin,
        int rank,
        double alpha,
        boolean rankStabilized,
        Map<String, Double> rankPattern,
        Map<String, Double> alphaPattern,
        Optional<String> baseModel) {

    /** r and α that PEFT takes for missing fields. */
    private static final int DEFAULT = 8;

    static PeftConfig read(ConfigReader json) {
        String kind = json.text("peft_type", "LORA");
        if (!kind.equals("LORA")) {
            throw new UserException(
                    json.origin() + ": peft_type '" + kind + "' is not supported, only 'LORA'");
        }
        refuse(json);
        return new PeftConfig(
                json.origin(),
                json.integer("r", DEFAULT, 1),
                json.number("lora_alpha", DEFAULT),
                json.flag("use_rslora", false),
                pattern(json, "rank_pattern"),
                pattern(json, "alpha_pattern"),
                Optional.of(json.text("base_model_name_or_path", "")).filter(s -> !s.isBlank()));
    }

    private static void refuse(ConfigReader json) {
        refuseFlag(json, "use_dora", "DoRA rescales whole rows of the weight");
        refuseFlag(json, "lora_bias", "B has trained biases");
        refuseFlag(json, "use_qalora", "QA-LoRA pools the inputs");
        String bias = json.text("bias", "none");
        if (!bias.equals("none")) {
            throw refused(json, "bias is '" + bias + "': the model's biases were trained too");
        }
        JsonNode saved = json.node().path("modules_to_save");
        if (!saved.isMissingNode() && !saved.isNull() && !saved.isEmpty()) {
            throw refused(json, "modules_to_save names whole modules that were trained");
        }
        if (json.has("layer_replication")) {
            throw refused(json, "layer_replication changes the model's blocks");
        }
    }

    private static void refuseFlag(ConfigReader json, String field, String why) {
        if (json.flag(field, false)) {
            throw refused(json, field + " is true: " + why);
        }
    }

    private static UserException refused(ConfigReader json, String why) {
        return new UserException(json.origin() + ": " + why + "; only plain LoRA is supported");
    }

    private static Map<String, Double> pattern(ConfigReader json, String name) {
        Map<String, Double> values = new LinkedHashMap<>();
        if (json.has(name)) {
            JsonNode node = json.node().get(name);
            ConfigReader fields = new ConfigReader(json.origin() + " " + name, node);
            if (!node.isObject()) {
                throw new UserException(json.origin() + ": " + name + " must be an object");
            }
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                values.put(field.getKey(), fields.number(field.getKey(), DEFAULT));
            }
        }
        return values;
    }

    /** α of {@code module}. */
    double alphaOf(String module) {
        return ModulePattern.find(origin, alphaPattern, module).orElse(alpha);
    }

    /**
     * Makes sure that the tensors have the rank the configuration states.
     *
     * @throws UserException with both numbers
     */
    void requireRank(String module, long actual) {
        double stated = ModulePattern.find(origin, rankPattern, module).orElse((double) rank);
        if (stated != actual) {
            throw new UserException(
                    "%s states rank %s for %s, its tensors have rank %d"
                            .formatted(origin, plain(stated), module, actual));
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
