package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.text.TextTower;
import dev.stanstudio.training.OptimizerSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Declares the options of training text encoders beside the transformer. */
final class TextEncoderOptions {
    /** diffusers' usual rates: 5e-6 for the encoders, 1e-4 for the transformer. */
    private static final double USUAL_FACTOR = 0.05;

    @Option(
            names = "--text-encoders",
            arity = "0..1",
            fallbackValue = TextTower.CLIPS,
            paramLabel = "NAMES",
            description =
                    "Train adapters of text encoders too, which read the captions in each step:"
                            + " clip-l, clip-g, t5 (without names "
                            + TextTower.CLIPS
                            + ").")
    @Nullable String names;

    @Option(
            names = "--text-encoder-rate",
            split = ",",
            paramLabel = "R",
            description =
                    "Their learning rate, or one for each in the order of --text-encoders (a"
                            + " twentieth of --lr, as in diffusers).")
    @Nullable List<Double> rates;

    @Option(
            names = "--text-encoder-steps",
            paramLabel = "N",
            description = "Updates after which their adapters stay as they are (all).")
    @Nullable Long steps;

    /** Refuses what cannot work, before anything is read. */
    void check() {
        if (names == null && (rates != null || steps != null)) {
            throw new ArgumentException(
                    "--text-encoder-rate and --text-encoder-steps go with --text-encoders");
        }
        for (double rate : given()) {
            if (!(rate > 0 && Double.isFinite(rate))) {
                throw new ArgumentException("--text-encoder-rate must be above 0, not " + rate);
            }
        }
        if (steps != null && steps < 1) {
            throw new ArgumentException("--text-encoder-steps must be at least 1, not " + steps);
        }
        int encoders = towers().size();
        if (given().size() > 1 && given().size() != encoders) {
            throw new ArgumentException(
                    "--text-encoder-rate has %d numbers for %d text encoders; give one, or one for each"
                            .formatted(given().size(), encoders));
        }
    }

    /** Refuses encoders in training beside a batch that several devices share. */
    void checkDevices(int devices) {
        if (names != null && devices > 1) {
            throw new ArgumentException(
                    "--text-encoders trains on one device, not on %d; name one with --device"
                            .formatted(devices));
        }
    }

    private List<Double> given() {
        return rates == null ? List.of() : rates;
    }

    /** Returns the encoders that are trained, in the order of their names. */
    Set<TextTower> towers() {
        return names == null ? Set.of() : TextTower.named(names);
    }

    /**
     * Refuses encoders that the model lacks, or that are held in another form than they compute.
     */
    void check(ModelSource source, LoadOptions load) {
        Set<TextTower> towers = towers();
        if (!towers.isEmpty() && !source.hasTextEncoders()) {
            throw new ArgumentException(
                    "%s comes without text encoders; leave --text-encoders out"
                            .formatted(source.name()));
        }
        if (!towers.contains(TextTower.T5)) {
            return;
        }
        if (source.t5().isEmpty()) {
            throw new ArgumentException(
                    "%s comes without T5; leave t5 out of --text-encoders"
                            .formatted(source.name()));
        }
        if (!load.useT5()) {
            throw new ArgumentException("--no-t5 leaves T5 out, which --text-encoders names");
        }
        Quantization form = load.quantization();
        if (form.small()) {
            throw new ArgumentException(
                    "--quantize %s holds T5 in 8 bits, which --text-encoders t5 trains; leave one out"
                            .formatted(form.label()));
        }
    }

    /**
     * Refuses a kind that is not trained on text encoders, an optimizer without rates, and inputs
     * that are left out, which text encoders do not do.
     */
    void check(AdapterKind kind, OptimizerSettings optimizer, StepVariants variants) {
        if (names == null) {
            return;
        }
        if (!kind.name().trainsText()) {
            throw new ArgumentException(
                    "--text-encoders does not go with --method %s; use %s"
                            .formatted(kind.label(), KindName.ofText()));
        }
        if (variants.inputDropout() > 0) {
            throw new ArgumentException(
                    "--adapter-dropout does not go with --text-encoders; leave one out");
        }
        if (!optimizer.takesRates() && rates != null) {
            throw new ArgumentException(
                    "%s has one learning rate for all; leave --text-encoder-rate out"
                            .formatted(optimizer.label()));
        }
    }

    /**
     * Returns the attention's projections of the encoders, as in diffusers: weight shape by module
     * path.
     */
    Map<String, long[]> modules(ModelSource source) {
        Set<TextTower> towers = towers();
        Map<String, long[]> modules = new LinkedHashMap<>(TargetModules.of(source));
        modules.keySet()
                .removeIf(
                        module ->
                                TextTower.of(module)
                                        .filter(towers::contains)
                                        .filter(tower -> tower.isAttention(module))
                                        .isEmpty());
        return modules;
    }

    /** Returns the learning rate of each encoder. */
    private Map<TextTower, Double> rates(Preset.Course course, OptimizerSettings optimizer) {
        double usual = course.rate() * (optimizer.takesRates() ? USUAL_FACTOR : 1);
        Map<TextTower, Double> each = new LinkedHashMap<>();
        for (TextTower tower : towers()) {
            int place = Math.min(each.size(), given().size() - 1);
            each.put(tower, given().isEmpty() ? usual : given().get(place));
        }
        return each;
    }

    /** Opens the encoders, which the caller closes; null without any. */
    @Nullable TrainedTowers open(
            ModelSource source, LoadOptions load, PromptEncoder.Reading reading) {
        return names == null ? null : new TrainedTowers(source, load, towers(), reading);
    }

    /** Returns how {@code towers} are trained; null without any. */
    @Nullable TextTraining training(
            @Nullable TrainedTowers towers, Preset.Course course, OptimizerSettings optimizer) {
        if (towers == null) {
            return null;
        }
        Map<TextTower, Double> factors = rates(course, optimizer);
        factors.replaceAll((tower, rate) -> rate / course.rate());
        return new TextTraining(towers, factors, steps == null ? Long.MAX_VALUE : steps);
    }

    /** Returns what a resumed training must have the same; empty without encoders. */
    String identity() {
        return names == null
                ? ""
                : " with %s at %s until %s".formatted(labels(" and "), given(), steps);
    }

    private String labels(String between) {
        return towers().stream().map(TextTower::label).collect(Collectors.joining(between));
    }

    /** Returns the entries of the adapter's record. */
    Map<String, String> notes(Preset.Course course, OptimizerSettings optimizer) {
        if (names == null) {
            return Map.of();
        }
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("text_encoders", labels(", "));
        notes.put(
                "text_encoder_rate",
                rates(course, optimizer).values().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ")));
        notes.put("text_encoder_steps", steps == null ? "all" : String.valueOf(steps));
        return notes;
    }
}
