package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.png.A1111Parameters;
import java.util.List;

/** Turns the settings that A1111 and its kin wrote into a request. */
final class ForeignSettings {
    private ForeignSettings() {}

    static GenerationRequest request(A1111Parameters text, ModelDefaults defaults) {
        A1111Parameters.Size size = text.size();
        String sampler = text.settings().get("Sampler");
        SamplingOptions sampling =
                new SamplingOptions(
                        (int) number(text, "Steps", defaults.steps()),
                        number(text, "CFG scale", defaults.guidance()),
                        A1111Names.ourSampler(sampler),
                        A1111Names.ourSchedule(text.settings().get("Schedule type"), sampler),
                        null,
                        null,
                        null,
                        null);
        return new GenerationRequest(
                PromptTexts.of(text.prompt()),
                PromptTexts.of(text.negativePrompt()),
                new TextOptions(0, true, defaults.maxSequenceLength()),
                size == null ? defaults.width() : size.width(),
                size == null ? defaults.height() : size.height(),
                List.of((long) number(text, "Seed", 0)),
                sampling,
                null,
                null,
                null,
                false);
    }

    private static double number(A1111Parameters text, String key, double fallback) {
        String value = text.settings().get(key);
        if (value == null) {
            return fallback;
        }
        try {
            return Double.parseDouble(value.strip());
        } catch (NumberFormatException e) {
            throw new UserException("the setting '" + key + ": " + value + "' is no number", e);
        }
    }
}
