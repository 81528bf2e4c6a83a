package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.Quantised;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The names of tensors in single files: each belongs to a part that is used, or is refused. */
final class SingleFileNames {
    static final String ENCODERS = "text_encoders.";
    static final String CLIP_L = ENCODERS + "clip_l.";
    static final String CLIP_G = ENCODERS + "clip_g.";
    static final String T5 = ENCODERS + "t5xxl.";

    /** Most files have the module that wraps an encoder in the name, some do not. */
    private static final String WRAPPER = "transformer.";

    private static final List<String> OF_CLIP = List.of("text_model.", "text_projection.weight");
    private static final List<String> OF_T5 = List.of("shared.", "encoder.");

    /** Published files contain CLIP's temperature, which no text encoder uses. */
    private static final String TEMPERATURE = "logit_scale";

    private SingleFileNames() {}

    static String withoutWrapper(String name) {
        return name.startsWith(WRAPPER) ? name.substring(WRAPPER.length()) : name;
    }

    static boolean isTemperature(String rest) {
        return rest.equals(TEMPERATURE);
    }

    /**
     * Checks every name.
     *
     * @throws UserException naming the first tensor that no part uses, or that is there twice
     */
    static void check(Path path, Set<String> names) {
        for (String name : names) {
            if (!isKnown(name)) {
                throw new UserException(
                        "%s holds the tensor %s, which no part of SD3 uses%s"
                                .formatted(path, name, Quantised.hint(names)));
            }
        }
        boolean vae = names.stream().anyMatch(name -> name.startsWith(OriginalKeys.VAE));
        if (vae && names.stream().anyMatch(name -> name.startsWith(OriginalKeys.VAE_ALIAS))) {
            throw new UserException(
                    "%s holds two autoencoders, under %s and %s; remove one"
                            .formatted(path, OriginalKeys.VAE, OriginalKeys.VAE_ALIAS));
        }
        refuseTwice(path, names);
    }

    private static void refuseTwice(Path path, Set<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            String part = encoderOf(name);
            if (!part.isEmpty()
                    && !seen.add(part + withoutWrapper(name.substring(part.length())))) {
                throw new UserException(
                        "%s holds %s with and without %s; remove one"
                                .formatted(path, name, WRAPPER));
            }
        }
    }

    private static String encoderOf(String name) {
        return List.of(CLIP_L, CLIP_G, T5).stream().filter(name::startsWith).findFirst().orElse("");
    }

    private static boolean isKnown(String name) {
        if (!name.startsWith(ENCODERS)) {
            return name.startsWith(OriginalKeys.MMDIT)
                    || name.startsWith(OriginalKeys.VAE)
                    || name.startsWith(OriginalKeys.VAE_ALIAS);
        }
        String part = encoderOf(name);
        String rest = withoutWrapper(name.substring(part.length()));
        List<String> own = part.equals(T5) ? OF_T5 : OF_CLIP;
        return !part.isEmpty() && (isTemperature(rest) || own.stream().anyMatch(rest::startsWith));
    }
}
