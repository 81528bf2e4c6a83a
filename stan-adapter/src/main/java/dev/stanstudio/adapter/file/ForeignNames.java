package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** Knows other models by the names of its tensors. */
final class ForeignNames {
    private record Family(Pattern names, String model) {}

    private static final List<Family> FAMILIES =
            List.of(
                    new Family(
                            Pattern.compile(
                                    "single_transformer_blocks|double_blocks|single_blocks"),
                            "FLUX"),
                    new Family(
                            Pattern.compile(
                                    "(?:down|up|input|output)_blocks|mid_block|middle_block"),
                            "Stable Diffusion 1, 2 or XL"));

    private ForeignNames() {}

    /**
     * Refuses names that modules of another model have.
     *
     * @param names of modules or tensors
     * @throws UserException that names the model
     */
    static void refuse(Path file, Collection<String> names) {
        for (String name : names) {
            for (Family family : FAMILIES) {
                if (family.names().matcher(name).find()) {
                    throw new UserException(
                            "%s was made for %s, not for Stable Diffusion 3: it changes %s"
                                    .formatted(file, family.model(), name));
                }
            }
        }
    }
}
