package dev.stanstudio.web.generate;

import dev.stanstudio.web.home.JsonText;
import dev.stanstudio.web.server.View;
import java.util.List;

/**
 * Holds the prompts that can be put into the form.
 *
 * @param presets kept under a name
 * @param history prompts of the newest matrices, newest first, each once
 */
public record PromptsView(List<PromptPreset> presets, List<String> history) implements View {
    @Override
    public String template() {
        return "generate/prompts.jte";
    }

    /** Returns a preset for the page's script. */
    public static String json(PromptPreset preset) {
        return JsonText.write(preset);
    }
}
