package dev.stanstudio.adapter.file;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Every field of PEFT's configurations (peft/tuners/lora/config.py and its kin, 0.21; those of one
 * type alone in {@link PeftType}), and what it does to a file that is read: applied, without effect
 * on what the tensors mean, or refused when it is set. A field that is in neither list and says
 * something is reported, since a later PEFT may change the sum by it.
 */
final class PeftFields {
    /** Read by {@link PeftConfig}. */
    private static final Set<String> APPLIED =
            Set.of(
                    "peft_type",
                    "r",
                    "lora_alpha",
                    "use_rslora",
                    "rank_pattern",
                    "alpha_pattern",
                    "base_model_name_or_path",
                    "init_lora_weights",
                    "init_r",
                    "use_dora");

    /** About training, other programs, or which modules are changed, which the tensors say. */
    private static final Set<String> NEUTRAL =
            Set.of(
                    "task_type",
                    "auto_mapping",
                    "peft_version",
                    "revision",
                    "inference_mode",
                    "target_modules",
                    "exclude_modules",
                    "target_parameters",
                    "layers_to_transform",
                    "layers_pattern",
                    "lora_dropout",
                    "fan_in_fan_out",
                    "megatron_config",
                    "megatron_core",
                    "trainable_token_indices",
                    "ensure_weight_tying",
                    "runtime_config",
                    "loftq_config",
                    "eva_config",
                    "corda_config",
                    "lora_ga_config",
                    "velora_config",
                    "monteclora_config",
                    "qalora_group_size",
                    "target_r",
                    "tinit",
                    "tfinal",
                    "deltaT",
                    "beta1",
                    "beta2",
                    "orth_reg_weight",
                    "total_step");

    private static final Map<String, String> REFUSED =
            Map.ofEntries(
                    Map.entry("lora_bias", "B has trained biases"),
                    Map.entry("use_qalora", "QA-LoRA pools the inputs"),
                    Map.entry("bias", "the model's biases were trained too"),
                    Map.entry("modules_to_save", "names whole modules that were trained"),
                    Map.entry("layer_replication", "changes the model's blocks"),
                    Map.entry("kasa_config", "truncates the weight and adds a diagonal (KaSA)"),
                    Map.entry("use_bdlora", "makes block-diagonal factors (BD-LoRA)"),
                    Map.entry("arrow_config", "routes tokens between several adapters (Arrow)"),
                    Map.entry(
                            "alora_invocation_tokens",
                            "lets it act from certain tokens on (aLoRA)"));

    /** Values of {@code init_lora_weights} that leave the base weight alone. */
    private static final Set<String> PLAIN_STARTS =
            Set.of("true", "false", "gaussian", "eva", "orthogonal", "mica");

    private static final int SHOWN = 40;

    private PeftFields() {}

    /**
     * Makes sure that no field says what this program does not do.
     *
     * @return fields that say something and are not known here, sorted
     * @throws UserException that names the field, its value and what to do
     */
    static List<String> require(ConfigReader json, PeftType type) {
        List<String> unknown = new ArrayList<>();
        Map<String, JsonNode> fields = new TreeMap<>();
        json.node().properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        fields.values().removeIf(value -> !says(value));
        fields.forEach(
                (name, value) -> {
                    String why = REFUSED.get(name);
                    if (why != null) {
                        String text = value.isContainerNode() ? name + " " : stated(name, value);
                        throw refused(json, text + why);
                    }
                    boolean known = APPLIED.contains(name) || NEUTRAL.contains(name);
                    if (!known && !type.knows(name)) {
                        unknown.add(name);
                    }
                });
        return List.copyOf(unknown);
    }

    private static final String ADVICE =
            "merge it into the model with PEFT (merge_and_unload) and use that model";

    private static UserException refused(ConfigReader json, String why) {
        return new UserException(
                "%s: %s; this is not supported: %s".formatted(json.origin(), why, ADVICE));
    }

    private static String stated(String name, JsonNode value) {
        String shown = brief(value.asText());
        return name + " is " + (value.isTextual() ? "'" + shown + "'" : shown) + ": ";
    }

    private static String brief(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    /** Returns whether a field has a value that differs from nothing, no and none. */
    private static boolean says(JsonNode value) {
        if (value.isNull() || (value.isContainerNode() && value.isEmpty())) {
            return false;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isNumber()) {
            return value.doubleValue() != 0;
        }
        return !value.isTextual()
                || !Set.of("", "none").contains(value.textValue().toLowerCase(Locale.ROOT));
    }

    /**
     * Returns the start of the training.
     *
     * @param adaptive whether it is AdaLoRA's, which begins as plain LoRA does or not at all
     * @throws UserException if it began with numbers that cannot be had again: CorDA, LoftQ,
     *     LoRA-GA and PiSSA by chance ({@code pissa_niter_N})
     */
    static LoraStart start(ConfigReader json, boolean adaptive) {
        JsonNode value = json.node().path("init_lora_weights");
        if (value.isMissingNode() || value.isNull()) {
            return LoraStart.PLAIN;
        }
        String start = value.isValueNode() ? value.asText() : "";
        String name = start.toLowerCase(Locale.ROOT);
        if (PLAIN_STARTS.contains(name)) {
            return LoraStart.PLAIN;
        }
        if (!adaptive && (start.equals("pissa") || name.equals("olora"))) {
            return start.equals("pissa") ? LoraStart.PISSA : LoraStart.OLORA;
        }
        throw new UserException(
                "%s: init_lora_weights is '%s': the training began by changing the model's own weights, so that the adapter means nothing on the unchanged model; in PEFT call save_pretrained with path_initial_model_for_weight_conversion, which writes a plain LoRA"
                        .formatted(json.origin(), brief(start)));
    }
}
