package dev.stanstudio.adapter.file;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.adapter.kind.ModulePattern;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.LinkedHashMap;
import java.util.List;
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
 * @param adaptive whether it is AdaLoRA's ({@code peft_type ADALORA}), whose {@code rank} is the
 *     initial one and whose {@code rankPattern} holds what is left of it by module path
 * @param start {@code init_lora_weights}
 * @param unknown fields that say something and are not known here
 */
record PeftConfig(
        String origin,
        int rank,
        double alpha,
        boolean rankStabilized,
        Map<String, Double> rankPattern,
        Map<String, Double> alphaPattern,
        Optional<String> baseModel,
        boolean adaptive,
        LoraStart start,
        List<String> unknown) {

    /** r and α that PEFT takes for missing fields. */
    private static final int DEFAULT = 8;

    /** {@code init_r} that PEFT takes for a missing one. */
    private static final int ADAPTIVE_DEFAULT = 12;

    /** Number that PEFT adds to AdaLoRA's rank before it divides by it (adalora/layer.py). */
    private static final double ADAPTIVE_EPSILON = 1e-5;

    private static final String LORA = "LORA";
    private static final String ADALORA = "ADALORA";
    private static final String RANKS = "rank_pattern";

    static PeftConfig read(ConfigReader json) {
        String kind = json.text("peft_type", LORA);
        if (!kind.equals(LORA) && !kind.equals(ADALORA)) {
            throw new UserException(
                    ("%s: peft_type '%s' is not supported, only 'LORA' and 'ADALORA'; merge it into"
                                    + " the model with PEFT (merge_and_unload) and use that model")
                            .formatted(json.origin(), kind));
        }
        List<String> unknown = PeftFields.require(json);
        boolean adaptive = kind.equals(ADALORA);
        requireStatedAlpha(json);
        LoraStart start = PeftFields.start(json, adaptive);
        Map<String, Double> ranks = adaptive ? Map.of() : pattern(json, RANKS);
        Map<String, Double> alphas = adaptive ? Map.of() : pattern(json, "alpha_pattern");
        ModulePattern.require(json.origin(), ranks);
        ModulePattern.require(json.origin(), alphas);
        return new PeftConfig(
                json.origin(),
                adaptive
                        ? json.integer("init_r", ADAPTIVE_DEFAULT, 1)
                        : json.integer("r", DEFAULT, 1),
                json.number("lora_alpha", DEFAULT),
                !adaptive && json.flag("use_rslora", false),
                adaptive ? keptRanks(json) : ranks,
                alphas,
                Optional.of(json.text("base_model_name_or_path", "")).filter(s -> !s.isBlank()),
                adaptive,
                start,
                unknown);
    }

    /** PEFT takes its default for a missing α alone, and fails with null; no shape determines α. */
    private static void requireStatedAlpha(ConfigReader json) {
        if (json.node().has("lora_alpha") && !json.has("lora_alpha")) {
            throw new UserException(json.origin() + ": lora_alpha must be a number, not null");
        }
    }

    /** AdaLoRA's {@code rank_pattern}: which of the ranks are left, by {@code <module>.lora_E}. */
    private static Map<String, Double> keptRanks(ConfigReader json) {
        Map<String, Double> ranks = new LinkedHashMap<>();
        if (!json.has(RANKS)) {
            return ranks;
        }
        for (Map.Entry<String, JsonNode> field : json.node().get(RANKS).properties()) {
            int kept = 0;
            for (JsonNode one : field.getValue()) {
                if (!one.isBoolean()) {
                    throw new UserException(
                            "%s: %s of %s must be a list of true and false"
                                    .formatted(json.origin(), RANKS, field.getKey()));
                }
                kept += one.booleanValue() ? 1 : 0;
            }
            String key = field.getKey();
            int end = key.lastIndexOf(".lora_");
            ranks.put(end < 0 ? key : key.substring(0, end), (double) kept);
        }
        return ranks;
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

    /**
     * α of {@code module}, so that α/r is what PEFT multiplies with. AdaLoRA divides by the initial
     * rank whatever is left of it, and takes the rank for an α of 0 (adalora/layer.py).
     *
     * @param actual rank of the module's tensors
     */
    double alphaOf(String module, long actual) {
        if (adaptive) {
            double stated = alpha > 0 ? alpha : (double) actual;
            return stated * actual / (rank + ADAPTIVE_EPSILON);
        }
        return ModulePattern.find(origin, alphaPattern, module).orElse(alpha);
    }

    /**
     * Makes sure that the tensors have the rank the configuration states.
     *
     * @throws UserException with both numbers
     */
    void requireRank(String module, long actual) {
        double stated = adaptive ? kept(module) : stated(module);
        if (stated != actual) {
            throw new UserException(
                    "%s states rank %s for %s, its tensors have rank %d"
                            .formatted(origin, plain(stated), module, actual));
        }
    }

    private double kept(String module) {
        return rankPattern.getOrDefault(module, (double) rank);
    }

    private double stated(String module) {
        return ModulePattern.find(origin, rankPattern, module).orElse((double) rank);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
