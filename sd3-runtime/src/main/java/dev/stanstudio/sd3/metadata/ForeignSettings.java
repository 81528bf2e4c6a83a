package dev.stanstudio.sd3.metadata;

import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Settings that another program wrote into a picture, as text and unchecked.
 *
 * @param program its name where that is known, or empty
 * @param values settings that this program has too
 * @param details further settings that this program has too
 * @param problems settings that stand in the picture and cannot be read, with the reason as a
 *     sentence without its end
 * @param notes notes on settings that are not used
 */
record ForeignSettings(
        String program,
        Map<Setting, String> values,
        Map<Detail, String> details,
        Map<Setting, String> problems,
        List<String> notes) {
    ForeignSettings {
        values = Map.copyOf(values);
        details = Map.copyOf(details);
        problems = Map.copyOf(problems);
        notes = List.copyOf(notes);
    }

    ForeignSettings(String program, Map<Setting, String> values, List<String> notes) {
        this(program, values, Map.of(), Map.of(), notes);
    }

    /** The prompt without tags that only its program understands; empty for none. */
    String prompt() {
        String text = values.getOrDefault(Setting.PROMPT, "");
        return PromptSyntax.withoutTags(
                text.isBlank() ? details.getOrDefault(Detail.PROMPT_3, "") : text);
    }

    /** Returns these settings with one note more. */
    ForeignSettings noting(String note) {
        return new ForeignSettings(
                program,
                values,
                details,
                problems,
                Stream.concat(notes.stream(), Stream.of(note)).toList());
    }

    /** Returns a request with the settings that can be used, and notes on the others. */
    Recalled recall(ModelDefaults defaults) {
        return new ForeignJudge(this, defaults).recall();
    }
}
