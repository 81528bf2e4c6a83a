package dev.stanstudio.web.generate;

import dev.stanstudio.web.server.View;
import java.util.List;

/**
 * Holds what a model reads of the prompts in the form.
 *
 * @param encoders what each reads of the longest prompt
 * @param cuts ends of prompts that are not read
 * @param unknown words that the built-in model was not trained on
 * @param problem why the prompts cannot be read as they are; empty for nothing
 */
public record ReadingView(
        List<Encoder> encoders, List<Cut> cuts, List<String> unknown, String problem)
        implements View {
    @Override
    public String template() {
        return "generate/reading.jte";
    }

    /** Holds the tokens of an encoder: those of the longest prompt, and those that it reads. */
    public record Encoder(String name, int tokens, int most) {}

    /** Names an encoder, a prompt, and the end of it that the encoder does not read. */
    public record Cut(String encoder, String prompt, String end) {}
}
