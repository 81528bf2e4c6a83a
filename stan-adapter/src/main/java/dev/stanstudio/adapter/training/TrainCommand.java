package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.KindOptions;
import dev.stanstudio.adapter.kind.Sizing;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.TrainingPlan;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.schedule.TrainingTable;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.RunOptions;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code studio train}: an adapter from a style collection. */
@Command(
        name = "train",
        description = "Train an adapter on a style collection.",
        sortOptions = false)
public final class TrainCommand implements StudioCommand {
    private static final int LOG_EVERY = 10;

    @Spec @Nullable CommandSpec spec;

    @Mixin RunOptions run = new RunOptions();

    @Mixin KindOptions kind = new KindOptions();

    @Mixin DataOptions data = new DataOptions();

    @Mixin OptimizationOptions optimization = new OptimizationOptions();

    @Mixin TextEncoderOptions texts = new TextEncoderOptions();

    @Mixin PreferenceOptions preferences = new PreferenceOptions();

    @Mixin StateOptions states = new StateOptions();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description =
                    "Folder, .safetensors file, or a name that 'studio doctor' lists"
                            + " (default: sd3-nano, which comes with the program).")
    @Nullable String model;

    @Option(
            names = "--start",
            paramLabel = "ADAPTER",
            description = "An adapter of the same kind and sizes that is trained further.")
    @Nullable Path start;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "paper: Table 14; nano: the same for the built-in model's size; sd3.5-medium,"
                            + " sd3.5-large: stable settings of those models; plain. Other options"
                            + " override it (default: nano without --model, else plain).")
    @Nullable String preset;

    @Option(
            names = "--export",
            paramLabel = "WHICH",
            description =
                    "best: the weights of the best validation, where pictures are held out; or"
                            + " last (${DEFAULT-VALUE}).")
    String export = Export.BEST.label();

    @Option(
            names = "--samples",
            paramLabel = "N",
            description =
                    "Held-out captions drawn at each validation, without and with the adapter"
                            + " (${DEFAULT-VALUE}).")
    int samples = 4;

    @Mixin BaseOptions base = new BaseOptions();

    @Override
    public Integer call() {
        Path out = run.out().resolve(AdapterPlace.FINISHED);
        if (Files.exists(out)) {
            throw new ArgumentException(out + " exists already: this training is done");
        }
        Export exported = Export.of(export);
        states.check();
        texts.check();
        preferences.check();
        if (preferences.given()) {
            data.refuseSelection();
            PreferenceData.requirePlain(optimization.objective());
        }
        data.prior.check(data.buckets);
        List<Device> devices = run.places();
        Path path = new ModelFinder().findOrBuiltIn(model);
        Preset chosenPreset = preset();
        Preset.Course course = optimization.course(chosenPreset);
        try (ModelSource source = ModelSource.open(path, null, null)) {
            EarlierAdapter earlier = start == null ? null : EarlierAdapter.of(start);
            LoadOptions load =
                    base.load(devices.get(0), run.type(), data.encoding.reading(source).useT5());
            texts.check(source, load);
            texts.checkDevices(devices.size());
            Beginning beginning = new Beginning(source, earlier);
            Map<String, long[]> modules = beginning.modules(kind, texts);
            AdapterKind chosen = kind.kind(modules, course.steps(), chosenPreset.sizes());
            optimization.check(chosen, modules);
            texts.check(chosen, optimization.optimizer(), optimization.variants());
            int shards = OptimizationOptions.shards(course, run.shards(), devices.size());
            err().println(
                            "%s: %d modules, %d parameters"
                                    .formatted(
                                            chosen.label(),
                                            modules.size(),
                                            Sizing.parameters(chosen, modules)));
            try (FolderLock lock = FolderLock.of(run.out(), "training")) {
                Places places = new Places(load, devices, shards);
                train(beginning, places, modules, chosen, course, exported, out);
            }
        }
        commandLine().getOut().println(out);
        commandLine().getOut().flush();
        return ExitCodes.DONE;
    }

    private Preset preset() {
        if (preset != null) {
            return Preset.of(preset);
        }
        return model == null || model.equals(ModelFinder.BUILT_IN) ? Preset.NANO : Preset.PLAIN;
    }

    private picocli.CommandLine commandLine() {
        return Objects.requireNonNull(spec, "picocli sets the spec").commandLine();
    }

    private PrintWriter err() {
        return commandLine().getErr();
    }

    /** The devices that the shards of a batch are computed on; the first is the adapter's. */
    private record Places(LoadOptions load, List<Device> devices, int shards) {}

    private void train(
            Beginning beginning,
            Places places,
            Map<String, long[]> modules,
            AdapterKind chosen,
            Preset.Course course,
            Export exported,
            Path out) {
        ModelSource source = beginning.source();
        LoadOptions load = places.load();
        TrainingData pictures = pictures(source, course);
        AdapterTrainingSettings settings =
                optimization
                        .settings(
                                chosen,
                                course,
                                places.shards(),
                                pictures.identity()
                                        + EarlierAdapter.identity(beginning.earlier())
                                        + texts.identity())
                        .withObjective(pictures.objective(optimization.objective()));
        TrainingPlan plan =
                new TrainingPlan(
                        load,
                        data.side(source, course.resolution()),
                        settings.batch() * pictures.each(),
                        settings.shards(),
                        base.checkpointing,
                        Sizing.parameters(chosen, modules),
                        settings.optimizerBytes(modules),
                        texts.towers());
        err().println(base.need(source, plan, places.devices().size()));
        TrainingData.Encoded encoded = encode(source, load, pictures);
        if (samples > 0) {
            SampleCaptions.write(
                    run.out().resolve("samples"),
                    pictures.captions().stream().limit(samples).toList());
        }
        Placement whole = new Placement(load.device(), DType.FP32);
        try (Vae vae = Vae.load(source.vaeConfig(), source.vae(), whole);
                FrozenTransformers frozen = new FrozenTransformers(source, load, places.devices());
                TrainedTowers towers = texts.open(source, load, data.encoding.reading(source))) {
            Mmdit transformer = frozen.networks().get(0);
            AdapterParameters fresh =
                    beginning.parameters(
                            chosen,
                            modules,
                            load.device(),
                            optimization.seed,
                            optimization.variants(),
                            err());
            try (AdapterTrainingRun training =
                    new AdapterTrainingRun(
                            settings,
                            new AdapterTrainingRun.Model(
                                    frozen.networks(),
                                    TrainingTable.of(source.schedule()),
                                    vae,
                                    texts.training(towers, course, optimization.optimizer())),
                            fresh,
                            encoded.examples(),
                            new AdapterTrainingRun.Extras(
                                    sheet(source, transformer, vae, encoded),
                                    base.checkpointing,
                                    basis(source, load)))) {
                Map<String, String> notes = pictures.notes();
                notes.put("dtype", run.type().label());
                notes.put("quantize", load.quantization().label());
                notes.putAll(optimization.notes(course));
                notes.put("objective", settings.objective().toString());
                notes.putAll(texts.notes(course, optimization.optimizer()));
                notes.putAll(EarlierAdapter.notes(beginning.earlier()));
                TrainingResult result =
                        new TrainingResult(source, training, training.targets(transformer), notes);
                run.run(
                        states.over(training, run.out(), result::writeLast, err()),
                        err(),
                        LOG_EVERY,
                        course.validateEvery());
                result.write(exported, run.out(), out);
            }
        }
    }

    private TrainingBasis basis(ModelSource source, LoadOptions load) {
        return TrainingBasis.of(
                source.fingerprint(),
                source.settings(),
                load.dtype(),
                load.quantization(),
                data.encoding.reading(source).toString());
    }

    /** The encoders leave memory before the transformer comes into it. */
    private TrainingData.Encoded encode(
            ModelSource source, LoadOptions load, TrainingData pictures) {
        try (Encoders encoders = new Encoders(source, load, data.encoding.reading(source))) {
            return pictures.encode(encoders, err());
        }
    }

    private TrainingData pictures(ModelSource source, Preset.Course course) {
        PictureFraming framing = data.framing(source, course.resolution(), optimization.seed);
        if (preferences.given()) {
            return preferences.data(data, framing, source, err());
        }
        return data.pictures(framing);
    }

    private @Nullable SampleSheet sheet(
            ModelSource source, Mmdit transformer, Vae vae, TrainingData.Encoded encoded) {
        if (samples < 1) {
            return null;
        }
        return new SampleSheet(
                transformer,
                vae,
                source.schedule(),
                encoded.captions(),
                new SampleSheet.Drawing(
                        samples, source.defaults().steps(), source.defaults().guidance()));
    }
}
