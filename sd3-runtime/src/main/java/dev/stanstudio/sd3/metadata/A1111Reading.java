package dev.stanstudio.sd3.metadata;

import dev.stanstudio.sd3.pipeline.PromptSyntax;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the settings in A1111's parameter text. */
final class A1111Reading {
    private static final Map<String, Setting> KNOWN =
            Map.of(
                    "Steps", Setting.STEPS,
                    "CFG scale", Setting.GUIDANCE,
                    "Seed", Setting.SEED,
                    "Sampler", Setting.SAMPLER,
                    "Schedule type", Setting.SCHEDULE);

    /** Forge's shift of the noise levels. */
    private static final String SHIFT = "Shift";

    /** Forge and reForge: {@code f2.0.1v1.10.1-previous-659}. */
    private static final Pattern FORGE = Pattern.compile("f[0-9].*|neo.*");

    /** Keys that say nothing of how the picture was made, or whose value stands elsewhere. */
    private static final Set<String> SILENT =
            Set.of(
                    "Version",
                    "Created Date",
                    "Size",
                    "Model",
                    "Model hash",
                    "Template",
                    "Negative Template",
                    "Civitai metadata",
                    "User");

    private A1111Reading() {}

    static ForeignSettings read(A1111Parameters text) {
        Map<Setting, String> values = new EnumMap<>(Setting.class);
        values.put(Setting.PROMPT, text.prompt());
        values.put(Setting.NEGATIVE, text.negativePrompt());
        UnusedSettings untaken = new UnusedSettings();
        Optional<String> hires = LargeText.hires(text.settings());
        text.settings()
                .forEach(
                        (key, value) -> {
                            Setting setting = KNOWN.get(key);
                            if (setting != null) {
                                values.put(setting, value);
                            } else if (!SILENT.contains(key)
                                    && !key.equals(SHIFT)
                                    && !(hires.isPresent() && LargeText.KEYS.contains(key))) {
                                untaken.add(key, value);
                            }
                        });
        size(text.settings().getOrDefault("Size", ""), values);
        splitSampler(values);
        List<String> notes = new ArrayList<>();
        if (text.settings().isEmpty()) {
            notes.add("It has no line of settings; the whole text is taken for the prompt.");
        }
        Map<String, String> model = new HashMap<>(text.settings());
        model.keySet().retainAll(Set.of("Model", "Model hash"));
        notes.addAll(UnusedSettings.model(model.get("Model"), model.get("Model hash")));
        notes.addAll(untaken.notes());
        if (!text.rest().isEmpty()) {
            notes.add(
                    "What follows the settings is not taken over: "
                            + PromptSyntax.shown(text.rest()));
        }
        if (hires.isEmpty() && text.settings().containsKey(LargeText.UPSCALER)) {
            notes.add(LargeText.advice(text.settings()));
        }
        Map<Detail, String> details = new EnumMap<>(Detail.class);
        hires.ifPresent(pass -> details.put(Detail.HIRES, pass));
        Optional.ofNullable(text.settings().get(SHIFT))
                .ifPresent(shift -> details.put(Detail.SHIFT, shift));
        return new ForeignSettings(program(text.settings()), values, details, Map.of(), notes);
    }

    /** The program that wrote A1111's text, where its version tells; empty for A1111. */
    private static String program(Map<String, String> settings) {
        String version = settings.getOrDefault("Version", "");
        if (FORGE.matcher(version).matches()) {
            return "Forge";
        }
        for (String name : List.of("Fooocus", "ComfyUI")) {
            if (version.startsWith(name)) {
                return name;
            }
        }
        return settings.getOrDefault("App", "").startsWith("SD.Next") ? "SD.Next" : "";
    }

    private static void size(String size, Map<Setting, String> values) {
        if (!size.isEmpty()) {
            String[] sides = size.split("[x×]", 2);
            values.put(Setting.WIDTH, sides[0]);
            values.put(Setting.HEIGHT, sides.length > 1 ? sides[1] : "");
        }
    }

    /** Before version 1.9, A1111 wrote the schedule behind the sampler's name. */
    private static void splitSampler(Map<Setting, String> values) {
        String sampler = values.get(Setting.SAMPLER);
        if (sampler != null) {
            ForeignNames.Named named = ForeignNames.split(sampler);
            if (named.schedule() != null) {
                values.put(Setting.SAMPLER, named.sampler());
                values.putIfAbsent(Setting.SCHEDULE, named.schedule());
            }
        }
    }
}
