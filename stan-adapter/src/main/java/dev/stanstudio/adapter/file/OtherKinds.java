package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Tensors by which a file of another kind of adapter is known, alone or mixed with LoRA (PEFT,
 * LyCORIS, sd-scripts and OneTrainer key names). Without them the rest would be another adapter
 * than the one that was trained, so that such a file is refused.
 */
final class OtherKinds {
    private static final Map<String, String> ENDINGS = new LinkedHashMap<>();
    private static final Map<String, String> PARTS = new LinkedHashMap<>();

    private static final String TUCKER = "a Tucker decomposition of a convolution";

    static {
        ENDINGS.put(".lora_mid.weight", TUCKER);
        ENDINGS.put(".lokr_t1", TUCKER);
        ENDINGS.put(".lokr_t2", TUCKER);
        ENDINGS.put(".hada_t1", TUCKER);
        ENDINGS.put(".hada_t2", TUCKER);
        ENDINGS.put(".oft_embedding_r.weight", "OFT of embeddings");
        ENDINGS.put(".lora_a.bias", "trained biases");
        ENDINGS.put(".lora_b.bias", "trained biases");
        ENDINGS.put(".lora_down.bias", "trained biases");
        ENDINGS.put(".lora_up.bias", "trained biases");
        ENDINGS.put(".lora_diag", "KaSA");
        ENDINGS.put(".set_weight", "replaced weights");
        ENDINGS.put(".set_bias", "replaced biases");
        ENDINGS.put(".w_norm", "trained norms (LyCORIS train_norm)");
        ENDINGS.put(".b_norm", "trained norms (LyCORIS train_norm)");
        ENDINGS.put(".reshape_weight", "weights of another shape (reshape_weight)");
        ENDINGS.put(".bm.weight", TUCKER);
        PARTS.put(".glora_", "PEFT's GLoRA");
        PARTS.put(".vera_lambda_", "VeRA");
        PARTS.put(".modules_to_save.", "whole trained modules (modules_to_save)");
    }

    static final String ADVICE =
            "merge it into the model with the program that made it and use that model, or train a"
                    + " plain LoRA";

    private OtherKinds() {}

    /**
     * Refuses {@code key} if it belongs to another kind.
     *
     * @throws UserException that names the kind and what to do
     */
    static void refuse(Path file, String key) {
        // PEFT and LyCORIS differ in the case of A and B.
        String plain = key.toLowerCase(Locale.ROOT);
        ENDINGS.forEach((ending, kind) -> refuse(file, key, kind, plain.endsWith(ending)));
        PARTS.forEach((part, kind) -> refuse(file, key, kind, plain.contains(part)));
    }

    private static void refuse(Path file, String key, String kind, boolean found) {
        if (found) {
            throw new UserException(
                    "%s uses %s (%s), which is not supported: %s"
                            .formatted(file, kind, key, ADVICE));
        }
    }
}
