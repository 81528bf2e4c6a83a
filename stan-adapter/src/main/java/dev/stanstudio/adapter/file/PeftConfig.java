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
 * The fields of PEFT's configurations that decide what an adapter's tensors mean (PEFT
 * lora/config.py and its kin); others do not change the sum and are ignored.
 *
 * @param origin where the fields stand, for errors
 * @param rank r of modules that no pattern names
 * @param alpha α of modules that no pattern names
 * @param rankStabilized {@code use_rslora}
 * @param rankPattern r by pattern of module paths
 * @param alphaPattern α by pattern of module paths
 * @param baseModel {@code base_model_name_or_path}
 * @param type {@code peft_type}; AdaLoRA's {@code rank} is the initial one, and its {@code
 *     rankPattern} holds what is left of it by module path
 * @param decomposed {@code use_dora}
 * @param rotation how OFT's blocks become rotations
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
        PeftType type,
        boolean decomposed,
        InputRotation.Rule rotation,
        LoraStart start,
        List<String> unknown) {

    /** r and α that PEFT takes for missing fields. */
    private static final int DEFAULT = 8;

    /** {@code init_r} that PEFT takes for a missing one. */
    private static final int ADAPTIVE_DEFAULT = 12;

    /** Number that PEFT adds to AdaLoRA's rank before it divides by it (adalora/layer.py). */
    private static final double ADAPTIVE_EPSILON = 1e-5;

    private static final String RANKS = "rank_pattern";

    static PeftConfig read(ConfigReader json) {
        PeftType type = PeftType.of(json);
        List<String> unknown = PeftFields.require(json, type);
        boolean adaptive = type == PeftType.ADALORA;
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
                        : json.integer("r", DEFAULT, type.alpha().isEmpty() ? 0 : 1),
                type.alpha().isEmpty() ? 1 : json.number(type.alpha(), DEFAULT),
                !adaptive && json.flag("use_rslora", false),
                adaptive ? keptRanks(json) : ranks,
                alphas,
                Optional.of(json.text("base_model_name_or_path", "")).filter(s -> !s.isBlank()),
                type,
                type == PeftType.LORA && json.flag("use_dora", false),
                PeftType.rotation(json),
                start,
                unknown);
    }

    /** Returns whether it is AdaLoRA's. */
    boolean adaptive() {
        return type == PeftType.ADALORA;
    }

    /**
     * Makes sure that a change of kind {@code label} is what the configuration is about.
     *
     * @throws UserException that names both
     */
    void requireKind(String file, String module, String label) {
        boolean stated = type.hasChanges(label) && (type != PeftType.LORA || decomposed);
        if (!stated) {
            throw new UserException(
                    "%s: %s is %s, but %s states peft_type '%s'%s"
                            .formatted(
                                    file,
                                    module,
                                    label,
                                    origin,
                                    type,
                                    type == PeftType.LORA ? " without use_dora" : ""));
        }
    }

    /**
     * Makes sure that A and B alone are what the configuration is about.
     *
     * @throws UserException that says what is missing
     */
    void requirePair(String file, String module) {
        if (!type.hasPairs() || decomposed) {
            throw new UserException(
                    "%s: %s is a plain LoRA, but %s states %s"
                            .formatted(
                                    file,
                                    module,
                                    origin,
                                    decomposed ? "use_dora" : "peft_type '" + type + "'"));
        }
    }

    /** PEFT takes its default for a missing α alone, and fails with null; no shape determines α. */
    private static void requireStatedAlpha(ConfigReader json) {
        String alpha = "lora_alpha";
        if (json.node().has(alpha) && !json.has(alpha)) {
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
        if (adaptive()) {
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
        double stated = adaptive() ? kept(module) : rankOf(module);
        if (stated != actual) {
            throw new UserException(
                    "%s states rank %s for %s, its tensors have rank %d"
                            .formatted(origin, plain(stated), module, actual));
        }
    }

    private double kept(String module) {
        return rankPattern.getOrDefault(module, (double) rank);
    }

    /** Returns r that is stated for {@code module}. */
    double rankOf(String module) {
        return ModulePattern.find(origin, rankPattern, module).orElse((double) rank);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
