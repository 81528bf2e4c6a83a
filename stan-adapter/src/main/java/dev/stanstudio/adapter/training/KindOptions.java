package dev.stanstudio.adapter.training;

import dev.stanstudio.adapter.kind.AdaLora;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.BlockSet;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Revival;
import dev.stanstudio.adapter.kind.Sizing;
import dev.stanstudio.adapter.kind.Sora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.adapter.kind.Width;
import dev.stanstudio.adapter.project.Selection;
import dev.stanstudio.base.ArgumentException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which kind of adapter is trained, how large, and on which modules. */
final class KindOptions {
    private static final int STEPS_BEFORE_BUDGET = 10;
    private static final double DECAY = 0.85;
    private static final double ORTHOGONALITY = 0.5;

    @Option(
            names = "--method",
            required = true,
            paramLabel = "KIND",
            description = "stan, lora, adalora, sora or sparse.")
    String method = Stan.LABEL;

    @Option(
            names = "--features",
            paramLabel = "L",
            description = "STAN: how many features (the preset's).")
    @Nullable Integer features;

    @Option(
            names = "--expansion",
            paramLabel = "X",
            description = "STAN: features as a multiple of the inputs, instead of --features.")
    @Nullable Double expansion;

    @Option(
            names = "--k",
            paramLabel = "K",
            description = "STAN: features that a token keeps (the preset's).")
    @Nullable Integer k;

    @Option(
            names = "--selection",
            paramLabel = "NAME",
            description = "STAN: value, magnitude or relu (${DEFAULT-VALUE}).")
    String selection = "value";

    @Option(names = "--unscaled", description = "STAN: do not divide by k.")
    boolean unscaled;

    @Option(names = "--tied", description = "STAN: the decoder is the encoder's transpose.")
    boolean tied;

    @Option(
            names = "--revive",
            paramLabel = "N",
            description = "STAN: dead features that join while training (${DEFAULT-VALUE}).")
    int revive;

    @Option(
            names = "--revive-weight",
            paramLabel = "X",
            description = "STAN: what they count beside the kept ones (${DEFAULT-VALUE}).")
    double reviveWeight = 1.0 / 32;

    @Option(
            names = "--dead-after",
            paramLabel = "N",
            description = "STAN: updates without being kept until then (${DEFAULT-VALUE}).")
    long deadAfter = 200;

    @Option(
            names = "--rank",
            paramLabel = "R",
            description =
                    "Low-rank kinds: the rank; AdaLoRA: the average rank that is left (the"
                            + " preset's).")
    @Nullable Integer rank;

    @Option(
            names = "--initial-rank",
            paramLabel = "R",
            description = "AdaLoRA: rank to begin with (default: one and a half times --rank).")
    @Nullable Integer initialRank;

    @Option(
            names = "--alpha",
            paramLabel = "X",
            description = "Low-rank kinds: alpha (the preset's; else the rank).")
    @Nullable Double alpha;

    @Option(names = "--rslora", description = "LoRA: divide alpha by the root of the rank.")
    boolean rankStabilized;

    @Option(
            names = "--lambda",
            paramLabel = "X",
            description = "SoRA: pull on the gates (${DEFAULT-VALUE}).")
    double lambda = 0.1;

    @Option(
            names = "--keep",
            paramLabel = "X",
            description = "Sparse: share of a weight's numbers that change (${DEFAULT-VALUE}).")
    double keep = 0.1;

    @Option(
            names = "--block-side",
            paramLabel = "N",
            description = "Sparse: 1 for single numbers, 16 for squares (${DEFAULT-VALUE}).")
    int blockSide = 1;

    @Option(names = "--absolute", description = "Sparse: rank by absolute sensitivity.")
    boolean absolute;

    @Option(
            names = "--mask-every",
            paramLabel = "N",
            description = "Sparse: steps between choices in the first epoch (${DEFAULT-VALUE}).")
    int maskEvery = 100;

    @Option(
            names = "--targets",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Modules by parts of their paths, such as attn.to_q, attn2, ff (default: the"
                            + " joint attention).")
    @Nullable List<String> targets;

    @Option(
            names = "--blocks",
            paramLabel = "RANGES",
            description = "Blocks, such as 0-11,13 (default: all).")
    @Nullable String blocks;

    @Option(
            names = "--rank-of",
            paramLabel = "PATTERN=R",
            description = "LoRA, STAN: rank or features of single modules; may be repeated.")
    Map<String, Integer> sizes = new LinkedHashMap<>();

    @Option(
            names = "--match-params",
            paramLabel = "N",
            description = "Choose the largest size with at most N parameters.")
    @Nullable Long budget;

    /** The modules. */
    TargetSelection selection() {
        return new TargetSelection(
                targets == null ? TargetSelection.ATTENTION : targets,
                blocks == null ? BlockSet.ALL : BlockSet.parse(blocks));
    }

    /**
     * The kind in its size.
     *
     * @param modules weight shape by module path
     * @param steps of the training, for AdaLoRA's budget
     * @param sizes where no option says otherwise
     */
    AdapterKind kind(Map<String, long[]> modules, long steps, Preset.Sizes sizes) {
        AdapterKind kind = kind(steps, sizes);
        return budget == null ? kind : Sizing.match(kind, modules, budget);
    }

    private AdapterKind kind(long steps, Preset.Sizes preset) {
        int r = rank == null ? preset.rank() : rank;
        double scale = scale(r, preset);
        return switch (method) {
            case Stan.LABEL -> stan(preset);
            case Lora.LABEL -> new Lora(r, scale, rankStabilized, false, sizes, Map.of());
            case AdaLora.LABEL -> adaLora(r, scale, steps);
            case Sora.LABEL -> new Sora(r, scale, lambda);
            case SparseMask.LABEL ->
                    new SparseMask((int) Math.round(keep * 1000), blockSide, !absolute, maskEvery);
            default ->
                    throw new ArgumentException(
                            "no kind of adapter is called '"
                                    + method
                                    + "'; use stan, lora, adalora, sora or sparse");
        };
    }

    /** A preset's alpha goes with its rank: another rank has itself for alpha. */
    private double scale(int r, Preset.Sizes preset) {
        if (alpha != null) {
            return alpha;
        }
        Double given = preset.alpha();
        return rank != null || given == null ? r : given;
    }

    private Stan stan(Preset.Sizes preset) {
        if (features != null && expansion != null) {
            throw new ArgumentException("give either --features or --expansion");
        }
        Width width =
                expansion == null
                        ? Width.of(features == null ? preset.features() : features)
                        : Width.expanded(expansion);
        return new Stan(
                width,
                k == null ? preset.k() : k,
                Selection.of(selection),
                !unscaled,
                tied,
                revive == 0 ? Revival.NONE : new Revival(revive, reviveWeight, deadAfter),
                sizes,
                Map.of());
    }

    /** A tenth of the steps at the full budget, the last third at the final one. */
    private AdaLora adaLora(int r, double scale, long steps) {
        int initial = initialRank == null ? r + (r + 1) / 2 : initialRank;
        int warmUp = (int) (steps / STEPS_BEFORE_BUDGET);
        int interval = (int) Math.max(1, steps / 100);
        return new AdaLora(
                initial,
                r,
                scale,
                new AdaLora.Schedule(warmUp, (int) (steps / 3), interval),
                DECAY,
                DECAY,
                ORTHOGONALITY);
    }
}
