package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.SkipLayerGuidance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Checks the details of another program's settings; one that does not fit becomes a note. */
record DetailJudge(Map<Detail, String> given, Consumer<String> notes) {
    /** ComfyUI's defaults, where a graph leaves an input out. */
    private static final String USUAL_SCALE = "3.0";

    private static final String USUAL_START = "0.01";
    private static final String USUAL_STOP = "0.15";
    private static final int MOST_LAYERS = 1000;

    SamplingOptions shifted(SamplingOptions sampling) {
        String text = given.get(Detail.SHIFT);
        if (text == null) {
            return sampling;
        }
        try {
            return sampling.withShift(number("shift", text));
        } catch (ArgumentException e) {
            notes.accept("Not taken over: " + e.getMessage() + "; the model's own is used.");
            return sampling;
        }
    }

    @Nullable HiresPass hires(int width, int height, SamplingOptions sampling) {
        String text = given.get(Detail.HIRES);
        if (text == null) {
            return null;
        }
        try {
            HiresPass pass = HiresPass.parse(text);
            pass.check(width, height, null, sampling);
            return pass;
        } catch (ArgumentException e) {
            notes.accept("Its second pass is not taken over: " + e.getMessage() + ".");
            return null;
        }
    }

    @Nullable SkipLayerGuidance skipLayer() {
        String text = given.get(Detail.SKIP_LAYERS);
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return new SkipLayerGuidance(
                    layers(text),
                    number("scale", given.getOrDefault(Detail.SKIP_SCALE, USUAL_SCALE)),
                    number("start", given.getOrDefault(Detail.SKIP_START, USUAL_START)),
                    number("stop", given.getOrDefault(Detail.SKIP_STOP, USUAL_STOP)));
        } catch (ArgumentException e) {
            notes.accept("Skip-layer guidance is not taken over: " + e.getMessage() + ".");
            return null;
        }
    }

    private static List<Integer> layers(String text) {
        List<Integer> layers = new ArrayList<>();
        for (String part : text.split("[,\\s\\[\\]]+", -1)) {
            if (part.matches("[0-9]{1,4}") && layers.size() < MOST_LAYERS) {
                layers.add(Integer.valueOf(part));
            } else if (!part.isEmpty()) {
                throw new ArgumentException(
                        "'" + PromptSyntax.shown(text) + "' is no list of layers");
            }
        }
        return layers;
    }

    private static double number(String name, String text) {
        if (!Decimal.isOne(text.strip())) {
            throw new ArgumentException(
                    "%s must be a number, not '%s'".formatted(name, PromptSyntax.shown(text)));
        }
        return Decimal.parse(text.strip());
    }
}
