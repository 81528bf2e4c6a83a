package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import dev.stanstudio.training.LearningRate;
import dev.stanstudio.training.RunOptions;
import dev.stanstudio.training.TrainingLoop;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code studio pretrain clip}: clip-nano, or the text towers of sd3-nano. */
@Command(
        name = "clip",
        description = {
            "Train clip-nano, which scores pictures against texts, or the text towers of sd3-nano.",
            "When the last step is made the model is written to the folder's export."
        },
        sortOptions = false)
public final class PretrainClipCommand implements StudioCommand {
    private static final double STYLE_SHARE = 0.8;
    private static final double EMA_DECAY = 0.99;
    private static final int WARM_UP = 50;
    private static final int HELD_OUT = 512;

    @Spec @Nullable CommandSpec spec;

    @Mixin RunOptions run = new RunOptions();

    @Option(
            names = "--towers",
            description = "Train the two text towers of sd3-nano, not clip-nano.")
    boolean towers;

    @Option(names = "--steps", description = "Updates in all (${DEFAULT-VALUE}).")
    long steps = 1500;

    @Option(names = "--batch", description = "Pairs per update (${DEFAULT-VALUE}).")
    int batch = 128;

    @Option(names = "--pictures", description = "Different pictures (${DEFAULT-VALUE}).")
    int pictures = 8000;

    @Option(names = "--lr", description = "Largest learning rate (${DEFAULT-VALUE}).")
    double rate = 1e-3;

    @Option(names = "--seed", description = "Seed of weights and batches (${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(
            names = "--export",
            description =
                    "Write the model as the folder's checkpoint has it, and train no further.")
    boolean exportOnly;

    @Override
    public String parent() {
        return "pretrain";
    }

    @Override
    public Integer call() {
        Device device = run.place();
        long dataSeed = towers ? ClipData.TOWERS_SEED : ClipData.CLIP_SEED;
        BpeVocabulary vocabulary = ClipData.vocabulary();
        try (ClipPretraining training =
                new ClipPretraining(
                        towers ? ClipShapes.towers(vocabulary) : ClipShapes.clip(vocabulary),
                        settings(dataSeed),
                        device,
                        ClipData.everyStyle(dataSeed, pictures),
                        ClipData.heldOut(HELD_OUT),
                        vocabulary,
                        run.out())) {
            train(training);
        }
        return ExitCodes.DONE;
    }

    private void train(ClipPretraining training) {
        Path checkpoint = run.out().resolve(TrainingLoop.CHECKPOINT);
        if (exportOnly) {
            training.resume(checkpoint);
        } else {
            CommandSpec own = Objects.requireNonNull(spec, "picocli sets the spec");
            run.run(training, own.commandLine().getErr());
        }
        training.export(run.out().resolve("export"));
    }

    private ClipSettings settings(long dataSeed) {
        return new ClipSettings(
                steps,
                batch,
                pictures,
                dataSeed,
                new LearningRate(rate, WARM_UP, steps, LearningRate.Shape.COSINE),
                STYLE_SHARE,
                EMA_DECAY,
                seed,
                run.type());
    }
}
