package dev.stanstudio.pretrain.dino;

import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.pretrain.PretrainOptions;
import dev.stanstudio.training.LearningRate;
import java.util.List;
import java.util.function.IntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code studio pretrain dino}: dino-nano. */
@Command(
        name = "dino",
        description = {
            "Train dino-nano, which sees style, from nothing and without labels.",
            "When the last step is made the model is written to the folder's export."
        },
        sortOptions = false)
public final class PretrainDinoCommand implements StudioCommand {
    private static final int WARM_UP = 100;
    private static final int GLOBAL_SIDE = 80;
    private static final int LOCAL_SIDE = 48;
    private static final int LOCAL_VIEWS = 4;
    private static final int HELD_OUT = 460;

    @Mixin PretrainOptions run = new PretrainOptions(2500, 64, 6000, 1e-3);

    @Option(
            names = "--teacher-decay",
            description = "Decay of the teacher's average of the student (${DEFAULT-VALUE}).")
    double decay = 0.99;

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
        DinoSettings settings = settings();
        IntFunction<StyledPicture> source = DinoData.training(run.pictures());
        try (FolderLock lock = run.lock(exportOnly);
                DinoPretraining training =
                        new DinoPretraining(
                                DinoShape.nano(),
                                settings,
                                device,
                                source,
                                exportOnly ? List.of() : DinoData.known(source, run.pictures()),
                                exportOnly ? List.of() : DinoData.heldOut(HELD_OUT))) {
            run.run(training, exportOnly);
            training.export(run.exportFolder());
        }
        return ExitCodes.DONE;
    }

    private DinoSettings settings() {
        return new DinoSettings(
                run.steps(),
                run.batch(),
                run.pictures(),
                DinoData.SEED,
                GLOBAL_SIDE,
                LOCAL_SIDE,
                LOCAL_VIEWS,
                run.rate(WARM_UP, LearningRate.Shape.COSINE),
                decay,
                run.seed(),
                run.shards(),
                run.type());
    }
}
