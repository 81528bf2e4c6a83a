package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.training.LearningRate;
import dev.stanstudio.training.RunOptions;
import dev.stanstudio.training.TrainingLoop;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code studio pretrain mmdit}: the transformer of sd3-nano, and the whole model. */
@Command(
        name = "mmdit",
        description = "Train the transformer of sd3-nano and put the whole model together.",
        sortOptions = false)
public final class PretrainMmditCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Mixin RunOptions run = new RunOptions();

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

    @Option(names = "--steps", description = "Updates in all (${DEFAULT-VALUE}).")
    long steps = 20_000;

    @Option(names = "--batch", description = "Latents per update (${DEFAULT-VALUE}).")
    int batch = 32;

    @Option(
            names = "--pictures",
            description = "Different pictures, thousands of them (${DEFAULT-VALUE}).")
    int pictures = 16_000;

    @Option(names = "--lr", description = "Largest learning rate (${DEFAULT-VALUE}).")
    double rate = 8e-4;

    @Option(
            names = "--dropout",
            description = "Share of captions replaced by the empty one (${DEFAULT-VALUE}).")
    double dropout = 0.1;

    @Option(names = "--ema", description = "Decay of the averaged weights (${DEFAULT-VALUE}).")
    double ema = 0.999;

    @Option(names = "--seed", description = "Seed of weights, order and noise (${DEFAULT-VALUE}).")
    long seed = 1;

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
                        steps,
                        batch,
                        run.shards(),
                        new LearningRate(
                                rate, warmUp, steps, LearningRate.Shape.CONSTANT_THEN_LINEAR),
                        dropout,
                        ema,
                        seed,
                        run.type(),
                        "base of " + pictures + (start == null ? "" : ", further from " + start));
        PrintWriter err =
                Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getErr();
        MmditSession.Parts parts = new MmditSession.Parts(run.out(), vae, towers, pictures, start);
        try (MmditSession session =
                new MmditSession(
                        parts,
                        settings,
                        device,
                        count -> {
                            err.println("latents: " + count + " of " + pictures);
                            err.flush();
                        })) {
            if (exportOnly) {
                session.training().resume(run.out().resolve(TrainingLoop.CHECKPOINT));
            } else {
                run.run(session.training(), err);
            }
            session.export();
        }
        return ExitCodes.DONE;
    }
}
