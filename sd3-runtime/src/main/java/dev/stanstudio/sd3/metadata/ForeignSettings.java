package dev.stanstudio.sd3.metadata;

import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import java.util.List;
import java.util.Map;

/**
 * Settings that another program left, as its text writes them; nothing has judged them yet.
 *
 * @param program its name where that is known, or empty
 * @param values what this program has too
 * @param notes what is not taken over
 */
record ForeignSettings(String program, Map<Setting, String> values, List<String> notes) {
    ForeignSettings {
        values = Map.copyOf(values);
        notes = List.copyOf(notes);
    }

    /** The prompt without tags that only its program understands; empty for none. */
    String prompt() {
        return PromptSyntax.withoutTags(values.getOrDefault(Setting.PROMPT, ""));
    }

    /** Returns a request with what it can take of them, and notes on the rest. */
    Recalled recall(ModelDefaults defaults) {
        return new ForeignJudge(this, defaults).recall();
    }
}
