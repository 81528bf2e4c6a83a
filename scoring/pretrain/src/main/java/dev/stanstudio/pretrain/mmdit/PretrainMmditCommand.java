package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.pretrain.PretrainOptions;
import dev.stanstudio.training.LearningRate;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code studio pretrain mmdit}: the transformer of sd3-nano, and the whole model. */
@Command(
        name = "mmdit",
        description = "Train the transformer of sd3-nano and put the whole model together.",
        sortOptions = false)
public final class PretrainMmditCommand implements StudioCommand {
    @Mixin PretrainOptions run = new PretrainOptions(20_000, 32, 16_000, 8e-4);

    @Option(
            names = "--vae",
            required = true,
            paramLabel = "DIR",
            description = "The export of 'pretrain vae'.")
    Path vae = Path.of(".");

    @Option(
            names = "--towers",
            required = true,
            paramLabel = "DIR",
            description = "The export of 'pretrain clip --towers'.")
    Path towers = Path.of(".");

    @Option(
            names = "--start",
            paramLabel = "DIR",
            description = "A model whose transformer is trained further (default: from nothing).")
    @Nullable Path start;

    @Option(names = "--warm-up", description = "Steps of rising rate (${DEFAULT-VALUE}).")
    int warmUp = 200;

    @Option(
            names = "--dropout",
            description = "Share of captions replaced by the empty one (${DEFAULT-VALUE}).")
    double dropout = 0.1;

    @Option(names = "--ema", description = "Decay of the averaged weights (${DEFAULT-VALUE}).")
    double ema = 0.999;

    @Option(
            names = "--export-only",
            description = "Write the model as the checkpoint has it, and stop.")
    boolean exportOnly;

    @Override
    public String parent() {
        return "pretrain";
    }

    @Override
    public Integer call() {
        Device device = run.place();
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
                        "base of %s%s"
                                .formatted(
                                        run.pictures(),
                                        start == null ? "" : ", further from " + start));
        PrintWriter err = run.errors();
        MmditSession.Parts parts =
                new MmditSession.Parts(run.out(), vae, towers, run.pictures(), start);
        try (FolderLock lock = run.lock(exportOnly);
                MmditSession session =
                        new MmditSession(
                                parts,
                                settings,
                                device,
                                count -> {
                                    err.println(
                                            "latents: %d of %d".formatted(count, run.pictures()));
                                    err.flush();
                                })) {
            run.run(session.training(), exportOnly);
            session.export();
        }
        return ExitCodes.DONE;
    }
}
