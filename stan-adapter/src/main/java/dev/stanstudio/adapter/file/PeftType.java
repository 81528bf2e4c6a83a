package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Lists the kinds of adapters of PEFT that are read ({@code peft_type}). */
enum PeftType {
    /** LoRA and DoRA. */
    LORA("lora_alpha", Set.of("dora"), Set.of()),
    /** LoRA with a budget of ranks. */
    ADALORA("lora_alpha", Set.of(), Set.of()),
    /** A product number by number of two LoRAs. */
    LOHA(
            "alpha",
            Set.of("loha"),
            Set.of(
                    "alpha",
                    "rank_dropout",
                    "module_dropout",
                    "use_effective_conv2d",
                    "init_weights")),
    /** A Kronecker product. */
    LOKR(
            "alpha",
            Set.of("lokr"),
            Set.of(
                    "alpha",
                    "rank_dropout",
                    "rank_dropout_scale",
                    "module_dropout",
                    "use_effective_conv2d",
                    "decompose_both",
                    "decompose_factor",
                    "init_weights")),
    /** Rotations of the inputs. */
    OFT(
            "",
            Set.of("oft"),
            Set.of(
                    "oft_block_size",
                    "module_dropout",
                    "init_weights",
                    "coft",
                    "eps",
                    "block_share",
                    "use_cayley_neumann",
                    "num_cayley_neumann_terms")),
    /** Rotations between permutations. */
    BOFT(
            "",
            Set.of("boft"),
            Set.of(
                    "boft_block_size",
                    "boft_block_num",
                    "boft_n_butterfly_factor",
                    "boft_dropout",
                    "init_weights")),
    /** Inputs or outputs times numbers. */
    IA3("", Set.of("ia3"), Set.of("feedforward_modules", "init_ia3_weights"));

    private static final int TERMS = 5;
    private static final double EPS = 6e-5;

    private final String alpha;

    @SuppressWarnings("ImmutableEnumChecker") // Made by Set.of.
    private final Set<String> labels;

    @SuppressWarnings("ImmutableEnumChecker") // Made by Set.of.
    private final Set<String> fields;

    PeftType(String alpha, Set<String> labels, Set<String> fields) {
        this.alpha = alpha;
        this.labels = labels;
        this.fields = fields;
    }

    /**
     * Returns the type that a configuration states; without a statement LoRA.
     *
     * @throws UserException if it is none of these
     */
    static PeftType of(ConfigReader json) {
        String name = json.text("peft_type", LORA.name());
        return Arrays.stream(values())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UserException(
                                        "%s: peft_type '%s' is not supported, only %s; merge it into the model with PEFT (merge_and_unload) and use that model"
                                                .formatted(json.origin(), name, names())));
    }

    private static String names() {
        List<String> quoted = Arrays.stream(values()).map(type -> "'" + type + "'").toList();
        return quoted.stream().collect(Collectors.joining(", "));
    }

    /** Returns the field that holds α, or an empty name where nothing is scaled. */
    String alpha() {
        return alpha;
    }

    /** Returns whether A and B alone can be its adapter. */
    boolean hasPairs() {
        return this == LORA || this == ADALORA;
    }

    /** Returns whether changes of kind {@code label} are its adapter. */
    boolean hasChanges(String label) {
        return labels.contains(label);
    }

    /** Returns whether it has a field called {@code name} that no other type has. */
    boolean knows(String name) {
        return fields.contains(name);
    }

    /** Returns how OFT's blocks become rotations. */
    static InputRotation.Rule rotation(ConfigReader json) {
        boolean series = json.flag("use_cayley_neumann", true);
        return new InputRotation.Rule(
                json.flag("block_share", false),
                series ? json.integer("num_cayley_neumann_terms", TERMS, 1) : 0,
                json.flag("coft", false) ? json.number("eps", EPS) : 0);
    }
}
