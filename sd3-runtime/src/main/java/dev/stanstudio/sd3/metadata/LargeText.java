package dev.stanstudio.sd3.metadata;

import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.UpscalerInput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the settings of large pictures as A1111 names them. */
final class LargeText {
    static final String SCALE = "Hires upscale";
    static final String STEPS = "Hires steps";
    static final String UPSCALER = "Hires upscaler";
    static final String STRENGTH = "Denoising strength";

    private LargeText() {}

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
