package dev.stanstudio.sd3.metadata;

import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import java.util.List;
import java.util.Map;

/**
 * Settings that another program wrote into a picture, as text and unchecked.
 *
 * @param program its name where that is known, or empty
 * @param values settings that this program has too
 * @param notes notes on settings that are not used
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

    /** Returns a request with the settings that can be used, and notes on the others. */
    Recalled recall(ModelDefaults defaults) {
        return new ForeignJudge(this, defaults).recall();
    }
}
