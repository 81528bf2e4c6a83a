package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;

/** Names the activation between the two linear maps of a block's MLP. */
public enum FeedForward {
    /** The exact GELU. */
    GELU(0),
    /** x·sigmoid(1.702x), as OpenAI trained CLIP. */
    QUICK_GELU(1),
    /** silu(a)·b, where the first map gives a and b side by side (DINOv2 giant). */
    SWIGLU(2);

    /** The constant of vit.ts.py. */
    final int code;

    FeedForward(int code) {
        this.code = code;
    }

    /** The activation that field {@code hidden_act} names. */
    static FeedForward read(ConfigReader json, String fallback) {
        return switch (json.text("hidden_act", fallback)) {
            case "gelu" -> GELU;
            case "quick_gelu" -> QUICK_GELU;
            default ->
                    throw new UserException(
                            "%s: hidden_act '%s' is not supported, only gelu and quick_gelu"
                                    .formatted(json.origin(), json.text("hidden_act", fallback)));
        };
    }
}
