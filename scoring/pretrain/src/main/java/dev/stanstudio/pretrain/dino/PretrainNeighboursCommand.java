package dev.stanstudio.pretrain.dino;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.scoring.vision.PositionRule;
import dev.stanstudio.scoring.vision.VisionModel;
import dev.stanstudio.sd3.checkpoint.Placement;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code studio pretrain neighbours}: whether a tower's neighbours share a style. */
@Command(
        name = "neighbours",
        description = "Say how often the 10 nearest known pictures name a held-out one's style.",
        sortOptions = false)
public final class PretrainNeighboursCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Option(
            names = "--dino",
            required = true,
            paramLabel = "DIR",
            description = "A ViT, DINO or DINOv2, such as scoring/models/dino-nano.")
    Path dino = Path.of(".");

    @Option(
            names = "--known",
            paramLabel = "N",
            description = "Pictures of the collection that vote (${DEFAULT-VALUE}).")
    int known = 6000;

    @Option(
            names = "--held-out",
            paramLabel = "N",
            description = "Pictures to be named (${DEFAULT-VALUE}).")
    int heldOut = 920;

    @Option(names = "--threads", description = "Threads of the tensor engine (one per core).")
    @Nullable Integer threads;

    @Override
    public String parent() {
        return "pretrain";
    }

    @Override
    public Integer call() {
        if (known < 1 || heldOut < 1) {
            throw new ArgumentException("--known and --held-out must be at least 1");
        }
        DeviceOptions.threads(threads);
        PrintWriter print =
                Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getOut();
        Placement placement = new Placement(Device.CPU, DType.FP32);
        try (VisionModel model = VisionModel.open(dino, placement, PositionRule.TARGET_SIZE)) {
            StyleKnowledge knowledge =
                    new StyleKnowledge(
                            model.embedder(), DinoData.known(DinoData.training(known), known));
            print(print, knowledge.name(DinoData.heldOut(heldOut)));
        }
        return ExitCodes.DONE;
    }

    private static void print(PrintWriter print, Map<String, StyleKnowledge.Count> counts) {
        int right = 0;
        int all = 0;
        for (Map.Entry<String, StyleKnowledge.Count> style : counts.entrySet()) {
            StyleKnowledge.Count count = style.getValue();
            print.printf("%-24s %3d of %3d%n", style.getKey(), count.right(), count.all());
            right += count.right();
            all += count.all();
        }
        print.printf(
                Locale.ROOT, "style named: %.1f %% of %d pictures%n", 100.0 * right / all, all);
        print.flush();
    }
}
