package dev.stanstudio.adapter.file;

import dev.stanstudio.sd3.checkpoint.MappedWeights.Part;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names that programs give to the modules of SD3's transformer. Those of PEFT, diffusers and
 * kohya are read in any file; the others only in a file without these, since a program that reads
 * the ones leaves out the others.
 */
final class ModuleNames {
    private static final List<String> DOTTED = List.of("transformer.", "base_model.model.");

    /** ComfyUI and SAI, whose modules have the original names or diffusers'. */
    private static final List<String> OTHER_DOTTED =
            List.of("model.diffusion_model.", "diffusion_model.");

    /** OneTrainer's older files, SimpleTuner's and LyCORIS', with underscores for dots. */
    private static final List<String> OTHER_FLAT = List.of("lora_transformer_", "lycoris_");

    /** First parts of the modules' own paths, by diffusers and in the original. */
    private static final List<String> BARE =
            List.of(
                    "transformer_blocks.",
                    "pos_embed.",
                    "time_text_embed.",
                    "context_embedder.",
                    "norm_out.",
                    "proj_out.",
                    "joint_blocks.",
                    "x_embedder.",
                    "t_embedder.",
                    "y_embedder.",
                    "final_layer.");

    /** Longer ones first, where one begins with another. */
    private static final List<Map.Entry<String, String>> TEXT_ENCODERS =
            List.of(
                    Map.entry("text_encoder.", "text_encoder"),
                    Map.entry("text_encoder_2.", "text_encoder_2"),
                    Map.entry("text_encoder_3.", "text_encoder_3"),
                    Map.entry("text_encoders.clip_l.", "text_encoder"),
                    Map.entry("text_encoders.clip_g.", "text_encoder_2"),
                    Map.entry("text_encoders.t5xxl.", "text_encoder_3"),
                    Map.entry("text_encoders.", "text_encoder"),
                    Map.entry("clip_l.", "text_encoder"),
                    Map.entry("clip_g.", "text_encoder_2"),
                    Map.entry("t5xxl.", "text_encoder_3"),
                    Map.entry("lora_te1_", "text_encoder"),
                    Map.entry("lora_te2_", "text_encoder_2"),
                    Map.entry("lora_te3_", "text_encoder_3"),
                    Map.entry("lora_te_", "text_encoder"));

    private ModuleNames() {}

    /** A module of a text encoder: which, and the rest of its name. */
    record TextModule(String encoder, String module) {}

    /** The text encoder that {@code name} belongs to, if it does. */
    static Optional<TextModule> textEncoder(String name) {
        return TEXT_ENCODERS.stream()
                .filter(prefix -> name.startsWith(prefix.getKey()))
                .map(p -> new TextModule(p.getValue(), name.substring(p.getKey().length())))
                .findFirst();
    }

    /** Returns whether {@code name} is one that PEFT, diffusers or kohya give. */
    static boolean isUsual(String name) {
        return name.startsWith(KohyaNames.PREFIX) || DOTTED.stream().anyMatch(name::startsWith);
    }

    /** Returns whether {@code name} is within the transformer under any of its names. */
    static boolean isTransformer(String name) {
        return isUsual(name)
                || BARE.stream().anyMatch(name::startsWith)
                || OTHER_DOTTED.stream().anyMatch(name::startsWith)
                || OTHER_FLAT.stream().anyMatch(name::startsWith);
    }

    /**
     * Returns whether {@code name} begins as kohya's and its kin do, which keep α beside the pair.
     */
    static boolean isKohya(String name) {
        return name.startsWith(KohyaNames.PREFIX)
                || name.startsWith("lora_te")
                || OTHER_FLAT.stream().anyMatch(name::startsWith);
    }

    /** B by module path, of a pair with a usual name; empty if SD3 has no such module. */
    static Map<String, Part> usual(LoraPair pair) {
        String stem = pair.stem();
        if (stem.startsWith(KohyaNames.PREFIX)) {
            return flat(pair, stem.substring(KohyaNames.PREFIX.length()));
        }
        return DOTTED.stream()
                .filter(stem::startsWith)
                .findFirst()
                .map(prefix -> whole(pair, stem.substring(prefix.length())))
                .orElse(Map.of());
    }

    /** B by module path, of a pair in a file without usual names; empty if the name is unknown. */
    static Map<String, Part> other(LoraPair pair) {
        String stem = pair.stem();
        for (String prefix : OTHER_FLAT) {
            if (stem.startsWith(prefix)) {
                return flat(pair, stem.substring(prefix.length()));
            }
        }
        String name =
                OTHER_DOTTED.stream()
                        .filter(stem::startsWith)
                        .findFirst()
                        .map(prefix -> stem.substring(prefix.length()))
                        .orElse(stem);
        return KohyaNames.isDiffusers(name)
                ? whole(pair, name)
                : KohyaNames.modules(pair, name.replace('.', '_'));
    }

    private static Map<String, Part> flat(LoraPair pair, String name) {
        Map<String, Part> original = KohyaNames.modules(pair, name);
        return original.isEmpty()
                ? KohyaNames.diffusers(name).map(module -> whole(pair, module)).orElse(Map.of())
                : original;
    }

    private static Map<String, Part> whole(LoraPair pair, String module) {
        return Map.of(module, Part.whole(pair.up()));
    }
}
