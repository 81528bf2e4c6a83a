package dev.stanstudio.sd3.metadata;

import dev.stanstudio.sd3.pipeline.Enlarging;
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import dev.stanstudio.sd3.pipeline.UpscalerInput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes and reads the settings of large pictures as A1111 names them. */
final class LargeText {
    static final String SCALE = "Hires upscale";
    static final String STEPS = "Hires steps";
    static final String UPSCALER = "Hires upscaler";
    static final String STRENGTH = "Denoising strength";

    /** The keys of a second pass. */
    static final Set<String> KEYS = Set.of(SCALE, STEPS, UPSCALER, STRENGTH);

    private static final String SAME_STEPS = "0";

    private LargeText() {}

    /**
     * Returns the second pass of A1111's settings as {@link HiresPass} reads it; nothing where it
     * cannot be made without a file that the settings do not hold.
     */
    static Optional<String> hires(Map<String, String> settings) {
        String scale = settings.get(SCALE);
        String strength = settings.get(STRENGTH);
        String steps = settings.getOrDefault(STEPS, SAME_STEPS);
        if (scale == null || strength == null) {
            return Optional.empty();
        }
        return Enlarging.ofA1111(settings.getOrDefault(UPSCALER, ""))
                .filter(way -> way != Enlarging.UPSCALER)
                .map(way -> text(scale, strength, steps, way.label()));
    }

    private static String text(String scale, String strength, String steps, String way) {
        String length = steps.equals(SAME_STEPS) ? "" : ",steps=" + steps;
        return scale + ",strength=" + strength + length + ",by=" + way;
    }

    /** Returns a note on a second pass that needs a file. */
    static String advice(Map<String, String> settings) {
        return "Its second pass enlarged by %s; with a file of that network it is: --hires %s."
                .formatted(
                        PromptSyntax.shown(settings.getOrDefault(UPSCALER, "")),
                        PromptSyntax.shown(
                                text(
                                        settings.getOrDefault(SCALE, "SCALE"),
                                        settings.getOrDefault(STRENGTH, "STRENGTH"),
                                        settings.getOrDefault(STEPS, SAME_STEPS),
                                        "FILE")));
    }

    /** Returns the settings of a second pass. */
    static Map<String, String> hires(HiresPass pass) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(STRENGTH, Provenance.number(pass.strength()));
        settings.put(SCALE, Provenance.number(pass.scale()));
        if (pass.steps() != null) {
            settings.put(STEPS, String.valueOf(pass.steps()));
        }
        UpscalerInput upscaler = pass.upscaler();
        settings.put(UPSCALER, upscaler == null ? pass.by().a1111Name() : upscaler(upscaler));
        return settings;
    }

    /** Returns name and short hash. */
    static String upscaler(UpscalerInput use) {
        return "%s: %s"
                .formatted(
                        Path.of(use.path()).getFileName(), Provenance.shortHash(use.fingerprint()));
    }
}
