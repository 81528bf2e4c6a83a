package dev.stanstudio.adapter.cli;

import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Sizing;
import dev.stanstudio.adapter.training.AdapterTraining;
import dev.stanstudio.adapter.training.AdapterTrainingSettings;
import dev.stanstudio.adapter.training.EncodedExamples;
import dev.stanstudio.adapter.training.FrozenWeights;
import dev.stanstudio.adapter.training.TrainableAdapter;
import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.datasets.cli.ExitCodes;
import dev.stanstudio.datasets.cli.StudioCommand;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.checkpoint.FileHash;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.cli.ModelFinder;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.schedule.TrainingTable;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.cli.RunOptions;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    private static final int STEP = 16;

    @Spec @Nullable CommandSpec spec;

    @Mixin RunOptions run = new RunOptions();

    @Mixin KindOptions kind = new KindOptions();

    @Mixin OptimizationOptions optimization = new OptimizationOptions();

    @Option(
            names = "--model",
            required = true,
            paramLabel = "MODEL",
            description = "Folder, .safetensors file, or a name that 'studio doctor' lists.")
    String model = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "A style collection; its parts validation and test are held out.")
    Path data = Path.of(".");

    @Option(
            names = "--resolution",
            paramLabel = "PX",
            description = "Side of the squares, divisible by 16 (default: the model's).")
    @Nullable Integer resolution;

    @Option(
            names = "--max-sequence-length",
            paramLabel = "N",
            description = "T5 tokens (default: the model's).")
    @Nullable Integer sequence;

    @Option(names = "--no-t5", description = "Do without T5.")
    boolean noT5;

    /** Pictures to learn from, and those held out. */
    private record Split(List<EncodedExamples.Item> train, List<EncodedExamples.Item> heldOut) {}

    @Override
    public Integer call() {
        Path out = run.out().resolve("adapter");
        if (Files.exists(out)) {
            throw new ArgumentException(out + " exists already: this training is done");
        }
        Device device = run.place();
        Path path = new ModelFinder().find(model);
        try (ModelSource source = ModelSource.open(path, null, null)) {
            Map<String, long[]> modules = kind.selection().select(source.transformerConfig());
            AdapterKind chosen = kind.kind(modules, optimization.steps);
            err().println(
                            chosen.label()
                                    + ": "
                                    + modules.size()
                                    + " modules, "
                                    + Sizing.parameters(chosen, modules)
                                    + " parameters");
            train(source, device, modules, chosen, out);
        }
        commandLine().getOut().println(out);
        commandLine().getOut().flush();
        return ExitCodes.DONE;
    }

    private picocli.CommandLine commandLine() {
        return Objects.requireNonNull(spec, "picocli sets the spec").commandLine();
    }

    private PrintWriter err() {
        return commandLine().getErr();
    }

    private void train(
            ModelSource source,
            Device device,
            Map<String, long[]> modules,
            AdapterKind chosen,
            Path out) {
        Placement whole = new Placement(device, DType.FP32);
        AdapterTrainingSettings settings =
                optimization.settings(
                        chosen,
                        run.shards(),
                        FileHash.sha256(data.resolve(StyleCollection.METADATA)));
        Split split = split();
        try (Vae vae = Vae.load(source.vaeConfig(), source.vae(), whole);
                Sd3Model encoders = encoders(source, device);
                EncodedExamples examples = encode(split.train(), source, vae, encoders);
                EncodedExamples heldOut = encode(split.heldOut(), source, vae, encoders);
                Mmdit transformer = transformer(source, device)) {
            encoders.prompts().evict();
            TrainableAdapter fresh =
                    TrainableAdapter.fresh(
                            chosen,
                            modules,
                            source.transformerConfig().numLayers(),
                            device,
                            optimization.seed);
            try (AdapterTraining training =
                    new AdapterTraining(
                            settings,
                            transformer,
                            fresh,
                            TrainingTable.of(source.schedule()),
                            vae,
                            examples,
                            heldOut)) {
                run.run(training, err());
                training.write(
                        out,
                        source.name(),
                        source.fingerprint(),
                        training.targets(transformer),
                        notes(settings, examples.count()));
            }
        }
    }

    /** The model owns its files, and closes them when the encoders are done with. */
    private Sd3Model encoders(ModelSource source, Device device) {
        return Sd3Model.load(
                ModelSource.open(source.path(), null, null),
                new LoadOptions(device, run.type(), Offload.NONE, !noT5));
    }

    private Mmdit transformer(ModelSource source, Device device) {
        try (Autograd recording = Autograd.record()) {
            return Mmdit.trainable(
                    source.transformerConfig(),
                    new FrozenWeights(source.transformer()),
                    new Placement(device, run.type()));
        }
    }

    private Split split() {
        StyleCollection collection = StyleCollection.open(data);
        Split split = new Split(new ArrayList<>(), new ArrayList<>());
        collection.forEach(
                item -> {
                    String part = item.labels().split();
                    boolean held = "validation".equals(part) || "test".equals(part);
                    (held ? split.heldOut() : split.train())
                            .add(new EncodedExamples.Item(collection.file(item), item.text()));
                });
        if (split.train().isEmpty()) {
            throw new ArgumentException(data + " has no pictures to train on");
        }
        return split;
    }

    private EncodedExamples encode(
            List<EncodedExamples.Item> items, ModelSource source, Vae vae, Sd3Model encoders) {
        int side = resolution == null ? source.defaults().width() : resolution;
        if (side < STEP || side % STEP != 0) {
            throw new ArgumentException("--resolution must be divisible by 16, not " + side);
        }
        int length = sequence == null ? source.defaults().maxSequenceLength() : sequence;
        return EncodedExamples.encode(
                items,
                side,
                vae,
                encoders.prompts(),
                new PromptEncoder.Reading(0, length, !noT5),
                done -> tell(done, items.size()));
    }

    private void tell(int done, int count) {
        if (done == count || done % 100 == 0) {
            err().println("encoded " + done + " of " + count + " pictures");
            err().flush();
        }
    }

    private Map<String, String> notes(AdapterTrainingSettings settings, int pictures) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("data", data.toString());
        notes.put("data_sha256", settings.data());
        notes.put("pictures", String.valueOf(pictures));
        notes.put("dtype", run.type().label());
        notes.putAll(optimization.notes());
        return notes;
    }
}
