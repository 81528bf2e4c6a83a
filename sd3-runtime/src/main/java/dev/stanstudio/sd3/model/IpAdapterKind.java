package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** Recognises files that are no IP-Adapter for Stable Diffusion 3, by their tensors. */
enum IpAdapterKind {
    FLUX(
            "an IP-Adapter for FLUX",
            "double_blocks\\..+|ip_adapter_proj_model\\..+|ip_adapter\\.0\\.to_k_ip\\.weight"),
    UNET(
            "an IP-Adapter for Stable Diffusion 1.5 or SDXL",
            "image_proj\\.(proj|norm)\\..+|ip_adapter\\.\\d+\\.to_k_ip\\.weight"),
    CONTROL("a ControlNet", "controlnet_.+|pos_embed_input\\..+"),
    LORA("an adapter of LoRA's kind", ".+\\.lora_(A|B|up|down)\\..+"),
    MODEL("a model", "model\\.diffusion_model\\..+|(joint|transformer)_blocks\\..+");

    /** Is in the names of every adapter for Stable Diffusion 3, and of no other. */
    private static final String OWN = ".norm_ip.";

    private final String words;
    private final Pattern tensor;

    IpAdapterKind(String words, String tensor) {
        this.words = words;
        this.tensor = Pattern.compile(tensor);
    }

    /** Returns the refusal of a file with these tensors. */
    static UserException refusal(Path file, Collection<String> names, String missing) {
        boolean ours = names.stream().anyMatch(name -> name.contains(OWN));
        for (IpAdapterKind kind : ours ? new IpAdapterKind[0] : values()) {
            Optional<String> sign =
                    names.stream().filter(n -> kind.tensor.matcher(n).matches()).findFirst();
            if (sign.isPresent()) {
                return new UserException(
                        "%s is %s (it has %s); --ip-adapter takes an IP-Adapter for Stable Diffusion 3"
                                .formatted(file, kind.words, sign.get()));
            }
        }
        return new UserException(
                "%s has no tensor %s; it is no IP-Adapter for Stable Diffusion 3"
                        .formatted(file, missing));
    }
}
