package dev.stanstudio.web.picture;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.SkipLayerGuidance;
import dev.stanstudio.sd3.pipeline.TextOptions;
import dev.stanstudio.web.home.JsonText;
import dev.stanstudio.web.matrix.PictureSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds settings of a picture that the form has no fields for and passes on as they are. Null, 0
 * and false are the defaults.
 *
 * @param second the prompt of CLIP-G
 * @param third the prompt of T5
 * @param negativeSecond the negative prompt of CLIP-G
 * @param negativeThird the negative prompt of T5
 * @param clipSkip CLIP layers to leave out
 * @param withoutT5 whether T5 does not read
 * @param maxSequenceLength tokens of T5 where they are not the model's
 * @param skipLayer skip-layer guidance
 * @param dynamicShifting whether the shift follows the size
 * @param mu strength of that shift
 * @param steps the steps with which the sigmas go
 * @param sigmas the noise levels themselves
 * @param vaeTiling whether large pictures are decoded in tiles
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Carried(
        @Nullable String second,
        @Nullable String third,
        @Nullable String negativeSecond,
        @Nullable String negativeThird,
        int clipSkip,
        boolean withoutT5,
        @Nullable Integer maxSequenceLength,
        @Nullable SkipLayerGuidance skipLayer,
        @Nullable Boolean dynamicShifting,
        @Nullable Double mu,
        int steps,
        @Nullable List<Double> sigmas,
        boolean vaeTiling) {
    private static final Carried NOTHING =
            new Carried(null, null, null, null, 0, false, null, null, null, null, 0, null, false);
    private static final int SHOWN = 60;

    /**
     * Returns the settings that {@code request} has beyond the form's fields, or null for nothing.
     *
     * @param usualLength tokens that T5 reads unless something else is asked for
     */
    public static @Nullable Carried of(GenerationRequest request, int usualLength) {
        TextOptions text = request.text();
        SamplingOptions sampling = request.sampling();
        Carried carried =
                new Carried(
                        request.prompt().second(),
                        request.prompt().third(),
                        request.negative().second(),
                        request.negative().third(),
                        text.clipSkip(),
                        !text.useT5(),
                        text.maxSequenceLength() == usualLength ? null : text.maxSequenceLength(),
                        request.skipLayer(),
                        sampling.dynamicShifting(),
                        sampling.mu(),
                        sampling.sigmas() == null ? 0 : sampling.steps(),
                        sampling.sigmas(),
                        request.vaeTiling());
        return carried.equals(NOTHING) ? null : carried;
    }

    /**
     * Reads the form's hidden value.
     *
     * @throws ArgumentException if it is none
     */
    public static @Nullable Carried read(String json) {
        if (json.isEmpty()) {
            return null;
        }
        try {
            return JsonText.parse(json, Carried.class);
        } catch (ArgumentException e) {
            throw new ArgumentException(
                    "the settings carried from the picture are damaged: " + e.getMessage(), e);
        }
    }

    /** Returns the value that {@link #read} takes. */
    public String json() {
        return JsonText.write(this);
    }

    /** Returns the form's settings with what is carried beside them. */
    PictureSettings settings(PictureSettings form) {
        int length = Objects.requireNonNullElse(maxSequenceLength, form.text().maxSequenceLength());
        return new PictureSettings(
                second,
                third,
                new PromptTexts(form.negative().text(), negativeSecond, negativeThird),
                new TextOptions(clipSkip, !withoutT5, length, form.text().syntax()),
                form.width(),
                form.height(),
                form.sampling(),
                skipLayer,
                form.image(),
                vaeTiling,
                form.controls(),
                form.ipAdapter(),
                form.enlargement());
    }

    /** Returns the form's sampling with what is carried; other steps replace the sigmas. */
    public SamplingOptions sampling(SamplingOptions form) {
        return form.withDynamicShifting(dynamicShifting)
                .withMu(mu)
                .withSigmas(form.steps() == steps ? sigmas : null);
    }

    /** Returns each setting in words. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        add(words, "CLIP-G reads", second);
        add(words, "T5 reads", third);
        add(words, "against, CLIP-G reads", negativeSecond);
        add(words, "against, T5 reads", negativeThird);
        if (clipSkip != 0) {
            words.add("CLIP leaves out " + clipSkip + " more layers");
        }
        if (withoutT5) {
            words.add("without T5");
        }
        if (maxSequenceLength != null) {
            words.add("T5 reads " + maxSequenceLength + " tokens");
        }
        if (skipLayer != null) {
            words.add("skip-layer guidance of blocks " + skipLayer.layers());
        }
        if (dynamicShifting != null) {
            words.add(dynamicShifting ? "the shift follows the size" : "the shift is fixed");
        }
        if (mu != null) {
            words.add("mu " + mu);
        }
        if (sigmas != null) {
            words.add(sigmas.size() + " given sigmas, while the steps stay " + steps);
        }
        if (vaeTiling) {
            words.add("decoded in tiles");
        }
        return words;
    }

    private static void add(List<String> words, String what, @Nullable String text) {
        if (text != null) {
            String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
            words.add(what + " “" + shown.replace('\n', ' ') + "”");
        }
    }
}
