package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.pretrain.PretrainOptions;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.training.LearningRate;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code studio pretrain control}: a control network for sd3-nano, from edges to pictures. */
@Command(
        name = "control",
        description = "Train a control network for sd3-nano, which draws along edges.",
        sortOptions = false)
public final class PretrainControlCommand implements StudioCommand {
    @Mixin PretrainOptions run = new PretrainOptions(6_000, 32, 8_000, 4e-4);

    @Option(
            names = "--model",
            paramLabel = "DIR|NAME",
            description = "The model that is controlled (default: sd3-nano).")
    @Nullable String model;

    @Option(
            names = "--layers",
            description = "Blocks of the network, the model's first (${DEFAULT-VALUE}).")
    int layers = 2;

    @Option(names = "--warm-up", description = "Steps of rising rate (${DEFAULT-VALUE}).")
    int warmUp = 100;

    @Option(
            names = "--dropout",
            description = "Share of captions replaced by the empty one (${DEFAULT-VALUE}).")
    double dropout = 0.3;

    @Option(names = "--ema", description = "Decay of the averaged weights (${DEFAULT-VALUE}).")
    double ema = 0.995;

    @Option(
            names = "--export-only",
            description = "Write the network as the checkpoint has it, and stop.")
    boolean exportOnly;

    @Override
    public String parent() {
        return "pretrain";
    }

    @Override
    public Integer call() {
        Device device = run.place();
        Path found = new ModelFinder().findOrBuiltIn(model);
        ControlSession.Parts parts =
                new ControlSession.Parts(run.out(), found, run.pictures(), layers);
        MmditSettings settings =
                new MmditSettings(
                        run.steps(),
                        run.batch(),
                        run.shards(),
                        run.rate(warmUp, LearningRate.Shape.CONSTANT_THEN_LINEAR),
                        dropout,
                        ema,
                        run.seed(),
                        run.type(),
                        "edges of %d, %d blocks".formatted(run.pictures(), layers));
        ControlSession.config(parts);
        PrintWriter err = run.errors();
        try (FolderLock lock = run.lock(exportOnly);
                ControlSession session =
                        new ControlSession(
                                parts,
                                settings,
                                device,
                                count -> {
                                    err.println(
                                            "latents: %d of %d"
                                                    .formatted(count, 2 * run.pictures()));
                                    err.flush();
                                })) {
            run.run(session.training(), exportOnly);
            session.export();
        }
        return ExitCodes.DONE;
    }
}
