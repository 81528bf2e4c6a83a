package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.Device;
import dev.stanstudio.pretrain.PretrainOptions;
import dev.stanstudio.pretrain.StyleShares;
import dev.stanstudio.sd3.tokenizer.BpeVocabulary;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.training.LearningRate;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    private static final String WHOLE = "clip";
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
            names = "--csd",
            description =
                    "Train a CSD: captions are styles alone, and the image tower alone is"
                            + " written; the whole CLIP lies in the folder's clip, to go on from.")
    boolean csd;

    @Option(
            names = "--start",
            paramLabel = "DIR",
            description =
                    "A CLIP model, or with --towers a model whose text towers are trained further;"
                            + " styles of --share that it has no word for get new tokens.")
    @Nullable Path start;

    @Option(
            names = "--words-only",
            description =
                    "With --start: of the text towers train only the tokens of new words, so that"
                            + " all other texts keep their features.")
    boolean wordsOnly;

    @Option(
            names = "--style-alone",
            paramLabel = "SHARE",
            description =
                    "Share of the styled pictures whose caption is the style alone"
                            + " (${DEFAULT-VALUE}).")
    double styleAlone;

    @Mixin StyleShares shares = new StyleShares();

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
        if (wordsOnly && start == null) {
            throw new ArgumentException("--words-only needs --start");
        }
        Device device = run.place();
        if (csd && towers) {
            throw new ArgumentException("--csd and --towers are two trainings; name one");
        }
        long dataSeed = dataSeed();
        Map<ArtStyle, Integer> byStyle = shares.byStyle();
        ClipStart from = start == null ? null : new ClipStart(start, wordsOnly);
        BpeVocabulary known = from == null ? ClipData.vocabulary() : from.vocabulary();
        BpeVocabulary vocabulary = known.withWords(ClipData.newWords(byStyle));
        ClipSettings settings = settings(dataSeed);
        try (FolderLock lock = run.lock(exportOnly);
                ClipPretraining training =
                        new ClipPretraining(
                                towers
                                        ? ClipShapes.towers(vocabulary)
                                        : ClipShapes.clip(vocabulary),
                                settings,
                                device,
                                ClipData.everyStyle(dataSeed, run.pictures(), byStyle),
                                ClipData.heldOut(HELD_OUT),
                                vocabulary,
                                run.out(),
                                from)) {
            run.run(training, exportOnly);
            if (csd) {
                training.exportStyle(run.exportFolder());
                training.export(run.out().resolve(WHOLE));
            } else {
                training.export(run.exportFolder());
            }
        }
        return ExitCodes.DONE;
    }

    private long dataSeed() {
        if (csd) {
            return ClipData.CSD_SEED;
        }
        return towers ? ClipData.TOWERS_SEED : ClipData.CLIP_SEED;
    }

    private ClipSettings settings(long dataSeed) {
        return new ClipSettings(
                run.steps(),
                run.batch(),
                run.pictures(),
                dataSeed,
                run.rate(WARM_UP, LearningRate.Shape.COSINE),
                csd ? new CaptionShares(1, 1) : new CaptionShares(STYLE_SHARE, styleAlone),
                EMA_DECAY,
                run.seed(),
                run.type(),
                "start %s, words only %s, shares %s".formatted(start, wordsOnly, shares));
    }
}
