package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.sd3.model.ModelDefaults;
import java.util.List;

/** Builds small requests for tests with the tiny models. */
public final class Requests {
    private static final ModelDefaults DEFAULTS = new ModelDefaults(64, 48, 2, 5, 77);

    private Requests() {}

    /** Returns a request for pictures of 64×48 pixels in {@code steps} steps of guidance 5. */
    public static GenerationRequest small(String prompt, int steps, Long... seeds) {
        return GenerationRequest.builder(DEFAULTS)
                .prompt(PromptTexts.of(prompt))
                .seeds(List.of(seeds))
                .sampling(SamplingOptions.of(steps, 5.0))
                .build();
    }
}
