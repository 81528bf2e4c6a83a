package dev.stanstudio.sd3.metadata;

import dev.stanstudio.sd3.pipeline.PromptSyntax;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of another program that this one does not use; each is reported in a note. */
final class UnusedSettings {
    private static final int MOST = 24;

    private final List<String> notes = new ArrayList<>();
    private int count;

    void add(String name, String value) {
        if (count++ < MOST) {
            notes.add(
                    "%s: %s is not taken over."
                            .formatted(PromptSyntax.shown(name), PromptSyntax.shown(value)));
        }
    }

    List<String> notes() {
        List<String> all = new ArrayList<>(notes);
        if (count > MOST) {
            all.add((count - MOST) + " further settings are not taken over.");
        }
        return all;
    }

    /** Returns a note on the model that made the picture. */
    static List<String> model(@Nullable String name, @Nullable String hash) {
        if (name == null && hash == null) {
            return List.of();
        }
        String shown = name == null ? "an unnamed model" : "the model " + PromptSyntax.shown(name);
        String of = hash == null ? "" : " (hash " + PromptSyntax.shown(hash) + ")";
        return List.of("It was made by " + shown + of + ", which is not looked for here.");
    }
}
