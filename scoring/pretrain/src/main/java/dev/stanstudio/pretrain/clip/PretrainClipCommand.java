package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.pretrain.PretrainOptions;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import dev.stanstudio.training.LearningRate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

    @Mixin PretrainOptions run = new PretrainOptions(1500, 128, 8000, 1e-3);

    @Option(
            names = "--towers",
            description = "Train the two text towers of sd3-nano, not clip-nano.")
    boolean towers;

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
        ClipSettings settings = settings(dataSeed);
        try (FolderLock lock = run.lock(exportOnly);
                ClipPretraining training =
                        new ClipPretraining(
                                towers
                                        ? ClipShapes.towers(vocabulary)
                                        : ClipShapes.clip(vocabulary),
                                settings,
                                device,
                                ClipData.everyStyle(dataSeed, run.pictures()),
                                ClipData.heldOut(HELD_OUT),
                                vocabulary,
                                run.out())) {
            run.run(training, exportOnly);
            training.export(run.exportFolder());
        }
        return ExitCodes.DONE;
    }

    private ClipSettings settings(long dataSeed) {
        return new ClipSettings(
                run.steps(),
                run.batch(),
                run.pictures(),
                dataSeed,
                run.rate(WARM_UP, LearningRate.Shape.COSINE),
                STYLE_SHARE,
                EMA_DECAY,
                run.seed(),
                run.type());
    }
}
