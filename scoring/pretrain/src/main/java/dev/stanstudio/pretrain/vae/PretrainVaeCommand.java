package dev.stanstudio.pretrain.vae;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.pretrain.NanoShapes;
import dev.stanstudio.pretrain.PretrainOptions;
import dev.stanstudio.pretrain.StyleShares;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.training.LearningRate;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /** Sides of drawn pictures are multiples of it. */
    private static final int SIDES = 16;

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
            names = "--decoder-only",
            description =
                    "With --start: train only the decoder, so that latents stay what they are.")
    boolean decoderOnly;

    @Option(
            names = "--sizes",
            paramLabel = "PX",
            split = ",",
            description = "Sides of the pictures in pixels, each as often (128).")
    List<Integer> sizes = List.of(NanoShapes.SIDE);

    @Mixin StyleShares shares = new StyleShares();

    @Option(names = "--square", description = "Weight of the squared error (${DEFAULT-VALUE}).")
    double square = 4;

    @Override
    public String parent() {
        return "pretrain";
    }

    @Override
    public Integer call() {
        if (decoderOnly && start == null) {
            throw new ArgumentException("--decoder-only needs --start");
        }
        requireSides();
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
                        data());
        Map<ArtStyle, Integer> byStyle = shares.byStyle();
        try (FolderLock lock = run.lock(false);
                VaePretraining training =
                        new VaePretraining(
                                NanoShapes.VAE,
                                settings,
                                device,
                                NanoData.everyStyle(run.pictures(), sizes, byStyle),
                                NanoData.heldOutOfEveryStyle(),
                                start == null ? null : new VaeStart(start, decoderOnly))) {
            run.run(training, false);
            training.export(run.exportFolder(), NanoData.basePictures(SAMPLE));
            print(training.quality(NanoData.heldOutByStyle(HELD_OUT, byStyle.keySet())));
        }
        return ExitCodes.DONE;
    }

    /** Refuses pictures that are not drawn and crops that are not in them. */
    private void requireSides() {
        for (int side : sizes) {
            if (side < SIDES || side > NanoData.LARGEST_SIDE || side % SIDES != 0) {
                throw new ArgumentException(
                        "--sizes must be multiples of %d up to %d, not %d"
                                .formatted(SIDES, NanoData.LARGEST_SIDE, side));
            }
        }
        int smallest = Collections.min(sizes);
        if (crop < NanoShapes.VAE.factor() || crop > smallest) {
            throw new ArgumentException(
                    "--crop must be %d … %d, the smallest side of the pictures, not %d"
                            .formatted(NanoShapes.VAE.factor(), smallest, crop));
        }
    }

    /** Returns the text that a checkpoint must match. */
    private String data() {
        String more = decoderOnly ? ", decoder only" : "";
        String sides = sizes.equals(List.of(NanoShapes.SIDE)) ? "" : ", sizes " + sizes;
        return "start %s, shares %s%s%s".formatted(start, shares, more, sides);
    }

    private void print(Map<String, Double> quality) {
        PrintWriter out = run.output();
        quality.forEach(
                (style, psnr) ->
                        out.println(String.format(Locale.ROOT, "%-24s %.2f dB", style, psnr)));
        out.flush();
    }
}
