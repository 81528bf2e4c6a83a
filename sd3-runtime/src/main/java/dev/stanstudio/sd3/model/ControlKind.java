package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** Recognises networks that control other models, by the class of their config or by tensors. */
enum ControlKind {
    UNET(
            "a ControlNet for Stable Diffusion 1.5, 2 or SDXL",
            "(ControlNet|ControlNetUnion|ControlNetXS.*|MultiControlNet)Model|UNetControlNetXSModel",
            "control_model\\..+|input_hint_block\\..+|controlnet_cond_embedding\\..+"
                    + "|controlnet_down_blocks\\..+|lllite_.+"),
    T2I(
            "a T2I adapter",
            "T2IAdapter|MultiAdapter",
            "adapter\\.(conv_in|body)\\..+|body\\.\\d+\\.(in_conv|resnets)\\..+"),
    FLUX(
            "a ControlNet for FLUX",
            "Flux(MultiControlNet|ControlNet|Transformer2D|Control).*",
            "controlnet_x_embedder\\..+|single_transformer_blocks\\..+|double_blocks\\..+"
                    + "|controlnet_single_blocks\\..+"),
    OTHER("a ControlNet for another model", "(?!SD3ControlNet).*ControlNet.*", "(?!)"),
    IP_ADAPTER("an IP-Adapter", "(?!)", "(image_proj|ip_adapter)\\..+"),
    LORA("an adapter of LoRA's kind", "(?!)", ".+\\.lora_(A|B|up|down|unet_.+)\\..+"),
    MODEL(
            "a model, no ControlNet",
            "(?!SD3ControlNet).+",
            "model\\.diffusion_model\\..+|joint_blocks\\..+|proj_out\\.weight");

    private final String words;
    private final Pattern className;
    private final Pattern tensor;

    ControlKind(String words, String className, String tensor) {
        this.words = words;
        this.className = Pattern.compile(className);
        this.tensor = Pattern.compile(tensor);
    }

    /** Refuses a config of another class than SD3's. */
    static void checkClass(Path file, String name) {
        for (ControlKind kind : values()) {
            if (kind.className.matcher(name).matches()) {
                throw refusal(file, kind, " (" + name + ")");
            }
        }
    }

    /** Refuses tensors of another network. */
    static void checkTensors(Path file, Collection<String> names) {
        for (ControlKind kind : values()) {
            Optional<String> sign =
                    names.stream().filter(n -> kind.tensor.matcher(n).matches()).findFirst();
            if (sign.isPresent()) {
                throw refusal(file, kind, " (it has " + sign.get() + ")");
            }
        }
    }

    private static UserException refusal(Path file, ControlKind kind, String sign) {
        return new UserException(
                "%s is %s%s; --control takes a ControlNet for Stable Diffusion 3"
                        .formatted(file, kind.words, sign));
    }
}
