package dev.stanstudio.sd3.text;

import dev.stanstudio.sd3.mmdit.Adapters;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adapters of the text encoders. They are arguments of each call, as those of the transformer, so
 * that requests with different ones share the encoders. Thread-safe.
 *
 * @param identity differs between adapters that compute something else; empty where no encoder has
 *     one
 * @param byTower what is added to the linear layers, by encoder
 */
public record TextAdapters(String identity, Map<TextTower, Adapters> byTower) {
    /** Changes no encoder. */
    public static final TextAdapters NONE = new TextAdapters("", Map.of());

    /** Refuses adapters without an identity: prompts are kept under it. */
    public TextAdapters {
        byTower = Map.copyOf(byTower);
        if (identity.isEmpty() != byTower.isEmpty()) {
            throw new IllegalArgumentException(
                    "adapters of %s with the identity '%s'".formatted(byTower.keySet(), identity));
        }
    }

    /** Returns what is added to an encoder, or null. */
    @Nullable Adapters of(TextTower tower) {
        return byTower.get(tower);
    }
}
