package dev.stanstudio.pretrain.dino;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.training.LearningRate;
import dev.stanstudio.training.RunOptions;
import dev.stanstudio.training.TrainingLoop;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    @Spec @Nullable CommandSpec spec;

    @Mixin RunOptions run = new RunOptions();

    @Option(names = "--steps", description = "Updates in all (${DEFAULT-VALUE}).")
    long steps = 2500;

    @Option(names = "--batch", description = "Pictures per update (${DEFAULT-VALUE}).")
    int batch = 64;

    @Option(names = "--pictures", description = "Different pictures (${DEFAULT-VALUE}).")
    int pictures = 6000;

    @Option(names = "--lr", description = "Largest learning rate (${DEFAULT-VALUE}).")
    double rate = 1e-3;

    @Option(
            names = "--teacher-decay",
            description = "Decay of the teacher's average of the student (${DEFAULT-VALUE}).")
    double decay = 0.99;

    @Option(names = "--seed", description = "Seed of weights and views (${DEFAULT-VALUE}).")
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
        IntFunction<StyledPicture> source = DinoData.training(pictures);
        try (DinoPretraining training =
                new DinoPretraining(
                        DinoShape.nano(),
                        settings(),
                        device,
                        source,
                        exportOnly ? List.of() : DinoData.known(source, pictures),
                        exportOnly ? List.of() : DinoData.heldOut(HELD_OUT))) {
            Path checkpoint = run.out().resolve(TrainingLoop.CHECKPOINT);
            if (exportOnly) {
                training.resume(checkpoint);
            } else {
                run.run(
                        training,
                        Objects.requireNonNull(spec, "picocli sets the spec")
                                .commandLine()
                                .getErr());
            }
            training.export(run.out().resolve("export"));
        }
        return ExitCodes.DONE;
    }

    private DinoSettings settings() {
        return new DinoSettings(
                steps,
                batch,
                pictures,
                DinoData.SEED,
                GLOBAL_SIDE,
                LOCAL_SIDE,
                LOCAL_VIEWS,
                new LearningRate(rate, WARM_UP, steps, LearningRate.Shape.COSINE),
                decay,
                seed,
                run.shards(),
                run.type());
    }
}
