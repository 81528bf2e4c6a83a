package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Labelled;
import dev.stanstudio.training.LearningRate;
import dev.stanstudio.training.OptimizerName;
import dev.stanstudio.training.OptimizerSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Declares the options of the optimization: steps, rates, the loss and its noise levels. */
final class OptimizationOptions {
    private static final double MODE_SCALE = 1.29;

    @Option(names = "--steps", description = "Updates in all (the preset's).")
    @Nullable Long steps;

    @Option(names = "--batch", description = "Pictures per update (the preset's).")
    @Nullable Integer batch;

    @Option(names = "--lr", description = "Largest learning rate (the preset's).")
    @Nullable Double rate;

    @Option(names = "--warm-up", description = "Steps until it is reached (${DEFAULT-VALUE}).")
    long warmUp;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "constant, cosine, linear or constant-then-linear (${DEFAULT-VALUE}).")
    String schedule = "constant";

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            description =
                    "adamw, adamw8bit, prodigy, schedule-free, lion, adafactor, came or muon"
                            + " (${DEFAULT-VALUE}).")
    String optimizer = OptimizerName.ADAMW.label();

    @Option(
            names = "--optimizer-options",
            split = ",",
            paramLabel = "KEY=X",
            description = "Further numbers of the optimizer, such as beta2=0.99.")
    Map<String, String> optimizerOptions = new LinkedHashMap<>();

    @Option(names = "--weight-decay", description = "Decoupled weight decay (${DEFAULT-VALUE}).")
    double weightDecay = 1e-4;

    @Option(
            names = "--max-grad-norm",
            description = "Largest norm of the gradients; 0 does not clip (the preset's).")
    @Nullable Double clip;

    @Option(
            names = "--lora-plus-ratio",
            paramLabel = "X",
            description = "Learning rate of B or D as a multiple of A's or E's (LoRA+; 1).")
    double outputRate = 1;

    @Option(
            names = "--rank-dropout",
            paramLabel = "X",
            description = "Low-rank kinds: share of the ranks that an update leaves out (0).")
    double rankDropout;

    @Option(
            names = "--adapter-dropout",
            paramLabel = "X",
            description = "LoRA, DoRA, AdaLoRA, SoRA: share of its inputs that is left out (0).")
    double inputDropout;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            description = "l2, l1, huber or smooth-l1 (${DEFAULT-VALUE}).")
    String loss = Penalty.SQUARE.form().label();

    @Option(
            names = "--huber-schedule",
            paramLabel = "NAME",
            description = "Delta of huber and smooth-l1: constant or exponential (constant).")
    @Nullable String huberSchedule;

    @Option(
            names = "--huber-delta",
            paramLabel = "X",
            description = "Their delta; exponential: that of pure noise (0.1).")
    @Nullable Double huberDelta;

    @Option(
            names = "--shift",
            paramLabel = "X",
            description = "Shift of the noise levels (the preset's, else the model's).")
    @Nullable Double shift;

    @Option(
            names = "--ema",
            paramLabel = "X",
            description = "Decay of the averaged weights that are written; 0 for the last ones.")
    double ema;

    @Option(
            names = "--plain-velocity",
            description = "Compare velocities instead of clean latents.")
    boolean plainVelocity;

    @Option(
            names = "--weighting",
            paramLabel = "NAME",
            description = "none, sigma_sqrt or cosmap (${DEFAULT-VALUE}).")
    String weighting = "none";

    @Option(
            names = "--density",
            paramLabel = "NAME",
            description = "Noise levels: logit_normal, mode or uniform (the preset's).")
    @Nullable String density;

    @Option(
            names = "--caption-dropout",
            paramLabel = "X",
            description = "Share of captions that are left out (${DEFAULT-VALUE}).")
    double captionDropout;

    @Option(names = "--seed", description = "Seed of everything drawn (${DEFAULT-VALUE}).")
    long seed = 1;

    private Preset.Care care = Preset.PLAIN.care();

    /** Refuses what cannot work, before anything is read or made. */
    void check(AdapterKind kind, Map<String, long[]> modules) {
        OptimizerSettings chosen = optimizer();
        if (!chosen.takesRates() && outputRate != 1) {
            throw new ArgumentException(
                    "%s has one learning rate for all; leave --lora-plus-ratio out"
                            .formatted(optimizer));
        }
        variants().requireFits(kind, modules);
        objective();
        levels();
    }

    /** Returns the departures from a plain update. */
    StepVariants variants() {
        return new StepVariants(outputRate, rankDropout, inputDropout);
    }

    /** Returns the given options, and the preset's where none was given. */
    Preset.Course course(Preset base) {
        care = base.care();
        Preset.Course preset = base.course();
        return new Preset.Course(
                preset.resolution(),
                steps == null ? preset.steps() : steps,
                batch == null ? preset.batch() : batch,
                rate == null ? OptimizerName.of(optimizer).rate(preset.rate()) : rate,
                preset.validateEvery());
    }

    /**
     * Returns the largest number of shards up to {@code wished} that divides the batch.
     *
     * @throws ArgumentException if they do not reach all devices
     */
    static int shards(Preset.Course course, int wished, int devices) {
        int fitting = Math.max(1, wished);
        while (course.batch() % fitting != 0) {
            fitting--;
        }
        ShardPlaces.require(fitting, devices);
        return fitting;
    }

    /**
     * The settings of a training of {@code kind}.
     *
     * @param course of {@link #course}
     * @param shards of {@link #shards}
     * @param data identity of the collection
     */
    AdapterTrainingSettings settings(
            AdapterKind kind, Preset.Course course, int shards, String data) {
        return new AdapterTrainingSettings(
                kind,
                course.steps(),
                course.batch(),
                shards,
                new LearningRate(
                        course.rate(), warmUp, course.steps(), LearningRate.Shape.of(schedule)),
                optimizer(),
                ema,
                objective(),
                levels(),
                captionDropout,
                seed,
                variants(),
                data);
    }

    /** Returns the settings of the optimizer. */
    OptimizerSettings optimizer() {
        OptimizerSettings settings =
                OptimizerName.of(optimizer)
                        .settings(optimizerOptions, weightDecay, clip == null ? care.clip() : clip);
        if (settings.averages() && ema != 0) {
            throw new ArgumentException(
                    "%s averages the weights itself; leave --ema out".formatted(optimizer));
        }
        if (settings.averages() && LearningRate.Shape.of(schedule) != LearningRate.Shape.CONSTANT) {
            throw new ArgumentException(
                    "%s takes no --schedule but constant, not '%s'".formatted(optimizer, schedule));
        }
        return settings;
    }

    /** Returns the loss on single pictures. */
    FlowObjective objective() {
        return new FlowObjective(
                !plainVelocity && !care.velocity(),
                FlowObjective.Weighting.of(weighting),
                penalty());
    }

    private Penalty penalty() {
        Penalty.Form form = Labelled.of(Penalty.Form.values(), "loss", loss);
        if (!form.hasDelta() && (huberSchedule != null || huberDelta != null)) {
            throw new ArgumentException(
                    "--loss %s takes no --huber-schedule or --huber-delta".formatted(loss));
        }
        return new Penalty(
                form,
                huberSchedule == null
                        ? Penalty.SQUARE.schedule()
                        : Penalty.Schedule.of(huberSchedule),
                huberDelta == null ? Penalty.SQUARE.delta() : huberDelta);
    }

    private NoiseLevels levels() {
        return new NoiseLevels(
                density == null ? care.density() : NoiseLevels.Density.of(density),
                0,
                1,
                MODE_SCALE,
                shift == null ? care.shift() : shift);
    }

    /** Returns the entries of the adapter's record. */
    Map<String, String> notes(Preset.Course course) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("steps", String.valueOf(course.steps()));
        notes.put("batch", String.valueOf(course.batch()));
        notes.put("learning_rate", course.rate() + " " + schedule);
        notes.put("optimizer", optimizer().toString());
        notes.put("variants", variants().toString());
        notes.put("weight_decay", String.valueOf(weightDecay));
        notes.put("levels", levels().toString());
        notes.put("caption_dropout", String.valueOf(captionDropout));
        notes.put("ema", String.valueOf(ema));
        notes.put("seed", String.valueOf(seed));
        return notes;
    }
}
