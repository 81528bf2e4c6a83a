package dev.stanstudio.adapter.file;

import dev.stanstudio.base.UserException;
import java.util.Locale;

/**
 * The first A and B that an adapter was trained from (PEFT {@code init_lora_weights}). PiSSA (Meng
 * et al. 2024) and OLoRA (Büyükakyüz 2024) take them from the model's own weight and take their
 * product away from it, so that the change of an adapter is scale · (B·A − B₀·A₀).
 */
public enum LoraStart {
    /** B·A is 0 at first: the change is scale · B·A. */
    PLAIN,
    /** The largest singular parts of the weight. */
    PISSA,
    /** The first columns of Q and rows of R, where the weight is Q·R. */
    OLORA;

    /** {@code init_lora_weights} of this start, and the method of {@code start.ts.py}. */
    String method() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether the model's weights are needed to know the change. */
    public boolean needsBase() {
        return this != PLAIN;
    }

    /**
     * Makes sure that the factors alone are the change.
     *
     * @param adapter its name
     * @throws UserException that says what to do instead
     */
    void requirePlain(String adapter) {
        if (needsBase()) {
            throw new UserException(
                    "%s: init_lora_weights is '%s': its change follows from the weights of the model too, and this is done only where it is applied to one (generate --adapter, grid, adapter merge --model); in PEFT call save_pretrained with path_initial_model_for_weight_conversion, which writes a plain LoRA"
                            .formatted(adapter, method()));
        }
    }
}
