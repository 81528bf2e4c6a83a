package dev.stanstudio.adapter.file;

import java.util.List;

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

    private ModuleNames() {}

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

    /** Returns {@code name} without what PEFT and diffusers write before a module's path. */
    static String withoutPrefix(String name) {
        return DOTTED.stream()
                .filter(name::startsWith)
                .findFirst()
                .map(prefix -> name.substring(prefix.length()))
                .orElse(name);
    }

    /**
     * Returns whether {@code name} begins as kohya's and its kin do, which keep α beside the pair.
     */
    static boolean isKohya(String name) {
        return name.startsWith(KohyaNames.PREFIX)
                || name.startsWith("lora_te")
                || OTHER_FLAT.stream().anyMatch(name::startsWith);
    }

    /**
     * The rows of the model's modules that {@code stored} changes; empty if the name is unknown.
     *
     * @param usual whether names that PEFT, diffusers or kohya give are read, or else the others
     */
    static List<ModuleRows> modules(StoredModule stored, boolean usual) {
        return usual ? usual(stored) : other(stored);
    }

    private static List<ModuleRows> usual(StoredModule stored) {
        String stem = stored.stem();
        if (stem.startsWith(KohyaNames.PREFIX)) {
            return flat(stored, stem.substring(KohyaNames.PREFIX.length()));
        }
        return DOTTED.stream()
                .filter(stem::startsWith)
                .findFirst()
                .map(prefix -> whole(stored, stem.substring(prefix.length())))
                .orElse(List.of());
    }

    private static List<ModuleRows> other(StoredModule stored) {
        String stem = stored.stem();
        for (String prefix : OTHER_FLAT) {
            if (stem.startsWith(prefix)) {
                return flat(stored, stem.substring(prefix.length()));
            }
        }
        String name =
                OTHER_DOTTED.stream()
                        .filter(stem::startsWith)
                        .findFirst()
                        .map(prefix -> stem.substring(prefix.length()))
                        .orElse(stem);
        return KohyaNames.isDiffusers(name)
                ? whole(stored, name)
                : KohyaNames.modules(stored, name.replace('.', '_'));
    }

    private static List<ModuleRows> flat(StoredModule stored, String name) {
        List<ModuleRows> original = KohyaNames.modules(stored, name);
        return original.isEmpty()
                ? KohyaNames.diffusers(name).map(module -> whole(stored, module)).orElse(List.of())
                : original;
    }

    /** The whole weight of {@code module}. */
    static List<ModuleRows> whole(StoredModule stored, String module) {
        return List.of(new ModuleRows(module, 0, stored.rows(), false));
    }
}
