package dev.stanstudio.pretrain.vae;

import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.pretrain.NanoShapes;
import dev.stanstudio.pretrain.PretrainOptions;
import dev.stanstudio.synth.SynthCommand;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.training.LearningRate;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code studio pretrain vae}: the autoencoder of sd3-nano. */
@Command(
        name = "vae",
        description = "Train the autoencoder of sd3-nano: pictures to latents and back.",
        sortOptions = false)
public final class PretrainVaeCommand implements StudioCommand {
    private static final double CHROMA_WEIGHT = 2;
    private static final double KL_WEIGHT = 1e-4;
    private static final double EMA_DECAY = 0.995;
    private static final int SAMPLE = 400;
    private static final int HELD_OUT = 17;
    private static final int WARM_UP = 100;

    @Mixin PretrainOptions run = new PretrainOptions(6000, 8, 8000, 1e-3);

    @Option(names = "--crop", description = "Side of the crops in pixels (${DEFAULT-VALUE}).")
    int crop = 64;

    @Option(
            names = "--start",
            paramLabel = "DIR",
            description =
                    "A model or an export whose autoencoder is trained further (default: from"
                            + " nothing).")
    @Nullable Path start;

    @Option(
            names = "--share",
            paramLabel = "STYLE=N",
            split = ",",
            description = "How often a style is drawn (plain 8, others 1).")
    Map<String, Integer> shares = new TreeMap<>();

    @Option(names = "--square", description = "Weight of the squared error (${DEFAULT-VALUE}).")
    double square = 4;

    @Override
    public String parent() {
        return "pretrain";
    }

    @Override
    public Integer call() {
        Device device = run.place();
        VaeSettings settings =
                new VaeSettings(
                        run.steps(),
                        run.batch(),
                        run.shards(),
                        crop,
                        run.pictures(),
                        run.rate(WARM_UP, LearningRate.Shape.COSINE),
                        square,
                        CHROMA_WEIGHT,
                        KL_WEIGHT,
                        EMA_DECAY,
                        run.seed(),
                        run.type(),
                        "start " + start + ", shares " + shares);
        Map<ArtStyle, Integer> byStyle = byStyle();
        try (FolderLock lock = run.lock(false);
                VaePretraining training =
                        new VaePretraining(
                                NanoShapes.VAE,
                                settings,
                                device,
                                NanoData.everyStyle(run.pictures(), byStyle),
                                NanoData.heldOutOfEveryStyle(),
                                start)) {
            run.run(training, false);
            training.export(run.exportFolder(), NanoData.basePictures(SAMPLE));
            print(training.quality(NanoData.heldOutByStyle(HELD_OUT)));
        }
        return ExitCodes.DONE;
    }

    private Map<ArtStyle, Integer> byStyle() {
        Map<ArtStyle, Integer> counts = new EnumMap<>(ArtStyle.class);
        shares.forEach((name, count) -> counts.put(SynthCommand.style("--share", name), count));
        return counts;
    }

    private void print(Map<String, Double> quality) {
        PrintWriter out = run.output();
        quality.forEach(
                (style, psnr) ->
                        out.println(String.format(Locale.ROOT, "%-24s %.2f dB", style, psnr)));
        out.flush();
    }
}
