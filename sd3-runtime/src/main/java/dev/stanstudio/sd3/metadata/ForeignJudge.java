package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptSyntax;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Seed;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks the settings of another program one by one. */
final class ForeignJudge {
    private static final Set<Setting> TEXTS = Set.of(Setting.PROMPT, Setting.NEGATIVE);

    /** Longer texts are refused as prompts, and are not searched for syntax. */
    private static final int SEARCHED = 100_000;

    private final ForeignSettings given;
    private final ModelDefaults defaults;
    private final List<Recalled.Unfit> unfit = new ArrayList<>();
    private final List<Recalled.Note> notes = new ArrayList<>();

    ForeignJudge(ForeignSettings given, ModelDefaults defaults) {
        this.given = given;
        this.defaults = defaults;
    }

    Recalled recall() {
        String by = given.program().isEmpty() ? "" : " (" + given.program() + ")";
        note(null, "Settings of another program" + by + "; the picture will not be the same.");
        DetailJudge details = new DetailJudge(given.details(), text -> note(null, text));
        int width = side(Setting.WIDTH, "width", defaults.width());
        int height = side(Setting.HEIGHT, "height", defaults.height());
        SamplingOptions sampling = details.shifted(sampling());
        GenerationRequest request =
                GenerationRequest.builder(defaults)
                        .prompt(prompt(Setting.PROMPT, Detail.PROMPT_2, Detail.PROMPT_3))
                        .negative(prompt(Setting.NEGATIVE, Detail.NEGATIVE_2, Detail.NEGATIVE_3))
                        .size(width, height)
                        .seeds(List.of(seed()))
                        .sampling(sampling)
                        .hires(details.hires(width, height, sampling))
                        .skipLayer(details.skipLayer())
                        .build();
        given.notes().forEach(text -> note(null, text));
        return new Recalled(request, unfit, notes, null);
    }

    private void note(@Nullable Setting about, String text) {
        notes.add(new Recalled.Note(about == null ? Set.of() : Set.of(about), text));
    }

    private PromptTexts prompt(Setting setting, Detail second, Detail third) {
        return judge(
                setting,
                words(setting, given.values().getOrDefault(setting, "")),
                text -> new PromptTexts(text, words(setting, second), words(setting, third)),
                PromptTexts.of(""),
                "an empty text");
    }

    private @Nullable String words(Setting setting, Detail encoder) {
        String text = given.details().get(encoder);
        return text == null ? null : words(setting, text);
    }

    private String words(Setting setting, String text) {
        if (text.length() > SEARCHED) {
            return text;
        }
        PromptSyntax.tagNotes(text).forEach(note -> note(setting, note));
        Set<Setting> about = Set.of(setting, Setting.SYNTAX);
        PromptSyntax.notes(text).forEach(note -> notes.add(new Recalled.Note(about, note)));
        return PromptSyntax.withoutTags(text);
    }

    private int side(Setting setting, String name, int otherwise) {
        return judge(
                setting,
                given.values().get(setting),
                text -> GenerationRequest.side(name, whole(name, text)),
                otherwise);
    }

    private SamplingOptions sampling() {
        SamplingOptions usual = SamplingOptions.of(defaults);
        int steps =
                judge(
                        Setting.STEPS,
                        given.values().get(Setting.STEPS),
                        text -> SamplingOptions.of(whole("steps", text), 1).steps(),
                        usual.steps());
        double guidance =
                judge(
                        Setting.GUIDANCE,
                        given.values().get(Setting.GUIDANCE),
                        text -> SamplingOptions.of(1, number(text)).guidance(),
                        usual.guidance());
        SamplerKind sampler =
                judge(
                        Setting.SAMPLER,
                        given.values().get(Setting.SAMPLER),
                        ForeignNames::sampler,
                        usual.sampler());
        return SamplingOptions.of(steps, guidance, sampler).withSigmaSchedule(schedule());
    }

    private @Nullable SigmaSchedule schedule() {
        String name = given.values().get(Setting.SCHEDULE);
        String problem = given.problems().get(Setting.SCHEDULE);
        if (problem != null) {
            note(Setting.SCHEDULE, "Not taken over: " + problem + "; the model's own is used.");
        }
        if (name == null || ForeignNames.isOrdinarySchedule(name)) {
            return null;
        }
        SigmaSchedule known = ForeignNames.schedule(name);
        if (known == null) {
            note(
                    Setting.SCHEDULE,
                    "The schedule type '%s' is not known here; the model's own is used."
                            .formatted(PromptSyntax.shown(name)));
        }
        return known;
    }

    private long seed() {
        String text = given.values().get(Setting.SEED);
        long chance = Seed.random();
        String problem = given.problems().get(Setting.SEED);
        if (problem != null) {
            unfit.add(new Recalled.Unfit(Setting.SEED, problem, chance + ", drawn by chance,"));
            return chance;
        }
        if (text == null) {
            note(Setting.SEED, "It names no seed; " + chance + " is drawn by chance.");
            return chance;
        }
        String digits = text.strip();
        if (!digits.matches("[+-]?[0-9]{1,40}") || !Seed.isTorchs(new BigInteger(digits))) {
            unfit.add(
                    new Recalled.Unfit(
                            Setting.SEED,
                            "the seed '" + PromptSyntax.shown(digits) + "' is no seed of 64 bits",
                            chance + ", drawn by chance,"));
            return chance;
        }
        BigInteger seed = new BigInteger(digits);
        if (seed.equals(BigInteger.ONE.negate())) {
            note(Setting.SEED, "Seed -1 stands for chance; " + chance + " is drawn.");
            return chance;
        }
        long taken = Seed.withSameNoise(seed);
        if (!seed.equals(BigInteger.valueOf(taken))) {
            note(
                    Setting.SEED,
                    "The seed %s is not in 0 … %d; %d is taken, which begins from the same noise."
                            .formatted(seed, Long.MAX_VALUE, taken));
        }
        return taken;
    }

    private <T> T judge(
            Setting setting, @Nullable String text, Function<String, T> read, T otherwise) {
        return judge(setting, text, read, otherwise, String.valueOf(otherwise));
    }

    private <T> T judge(
            Setting setting,
            @Nullable String text,
            Function<String, T> read,
            T otherwise,
            String instead) {
        String problem = given.problems().get(setting);
        if (problem != null) {
            unfit.add(new Recalled.Unfit(setting, problem, instead));
            return otherwise;
        }
        if (text == null) {
            noteMissing(setting, instead);
            return otherwise;
        }
        try {
            return read.apply(text);
        } catch (ArgumentException e) {
            unfit.add(new Recalled.Unfit(setting, String.valueOf(e.getMessage()), instead));
            return otherwise;
        }
    }

    /** Notes a text without any settings as such. */
    private void noteMissing(Setting setting, String instead) {
        boolean some = given.values().keySet().stream().anyMatch(s -> !TEXTS.contains(s));
        if (some || !given.problems().isEmpty()) {
            String name = setting.name().toLowerCase(Locale.ROOT);
            note(setting, "It names no " + name + "; the model's own, " + instead + ", is taken.");
        }
    }

    /** Whole numbers may come as {@code 20.0}. */
    private static int whole(String name, String text) {
        String digits = text.strip().replaceFirst("\\.0+$", "");
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new ArgumentException(
                    name + " must be a whole number, not '" + PromptSyntax.shown(text) + "'", e);
        }
    }

    /** Some write a comma for the point. */
    private static double number(String text) {
        String point = text.strip().replaceFirst("^(-?[0-9]+),([0-9]+)$", "$1.$2");
        if (!Decimal.isOne(point)) {
            throw new ArgumentException(
                    "guidance must be a number, not '" + PromptSyntax.shown(text) + "'");
        }
        return Decimal.parse(point);
    }
}
