package dev.stanstudio.adapter.kind;

import dev.stanstudio.base.ArgumentException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Declares the options that choose the kind of an adapter, its size and its modules. Kinds read the
 * fields that they know ({@link KindName#create}).
 */
public final class KindOptions {
    private static final String RANK_OF = "--rank-of";

    @Option(
            names = "--method",
            required = true,
            paramLabel = "KIND",
            completionCandidates = KindName.Labels.class,
            description = "${COMPLETION-CANDIDATES}.")
    String method = "";

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
            description = "STAN: active features of a token (the preset's).")
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
            description = "STAN: dead features added for a token in training (${DEFAULT-VALUE}).")
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
            description = "Low-rank kinds: alpha (the preset's; plain: the rank).")
    @Nullable Double alpha;

    @Option(names = "--rslora", description = "LoRA: divide alpha by the root of the rank.")
    boolean rankStabilized;

    @Option(
            names = "--factor",
            paramLabel = "N",
            description =
                    "LoKr: shorter side of its two matrices; -1 for the most even cut"
                            + " (${DEFAULT-VALUE}).")
    int factor = Lokr.NEAR_ROOT;

    @Option(
            names = "--decompose-both",
            description = "LoKr: the first matrix is a product of rank R too, where it is large.")
    boolean decomposeBoth;

    @Option(
            names = "--oft-block-size",
            paramLabel = "N",
            description = "OFT, BOFT: side of the rotated blocks of inputs (${DEFAULT-VALUE}).")
    int oftBlockSize = 32;

    @Option(
            names = "--oft-exact",
            description = "OFT: Cayley's inverse itself, in place of PEFT's series of 5 terms.")
    boolean oftExact;

    @Option(
            names = "--oft-limit",
            paramLabel = "X",
            description = "OFT: the most that blocks differ from none (constrained OFT; 0: any).")
    double oftLimit;

    @Option(names = "--oft-shared", description = "OFT: one block for all inputs of a module.")
    boolean oftShared;

    @Option(
            names = "--butterflies",
            paramLabel = "N",
            description = "BOFT: rotations one after the other (${DEFAULT-VALUE}).")
    int butterflies = 1;

    @Option(
            names = "--lambda",
            paramLabel = "X",
            description =
                    "SoRA: weight of the gates' mean absolute value in the loss"
                            + " (${DEFAULT-VALUE}).")
    double lambda = 10;

    @Option(
            names = "--lambda2",
            paramLabel = "X",
            description = "SoRA: how far an update moves gates towards 0 (${DEFAULT-VALUE}).")
    double lambda2 = 3e-4;

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
                            + " joint attention but for the last block's add_q_proj, whose output"
                            + " nothing reads).")
    @Nullable List<String> targets;

    @Option(
            names = "--blocks",
            paramLabel = "RANGES",
            description = "Blocks, such as 0-11,13 (default: all).")
    @Nullable String blocks;

    @Option(
            names = RANK_OF,
            paramLabel = "PATTERN=R",
            description = "LoRA, STAN: rank or features of single modules; may be repeated.")
    Map<String, Integer> sizes = new LinkedHashMap<>();

    @Option(
            names = "--match-params",
            paramLabel = "N",
            description = "Choose the largest size with at most N parameters.")
    @Nullable Long budget;

    /** Returns the modules that are chosen. */
    public TargetSelection selection() {
        BlockSet chosen = blocks == null ? BlockSet.ALL : BlockSet.parse(blocks);
        return targets == null
                ? TargetSelection.attention(chosen)
                : new TargetSelection(targets, chosen);
    }

    /**
     * Makes the kind in its size.
     *
     * @param modules weight shape by module path
     * @param steps of the training, which budgets of ranks depend on
     * @param given used where no option gives a size
     * @throws ArgumentException if a pattern of {@code --rank-of} is of no module, or the size does
     *     not fit a module
     */
    public AdapterKind kind(Map<String, long[]> modules, long steps, KindSizes given) {
        for (String pattern : sizes.keySet()) {
            Map<String, Integer> one = Map.of(pattern, 0);
            if (modules.keySet().stream()
                    .noneMatch(m -> ModulePattern.find(RANK_OF, one, m).isPresent())) {
                throw new ArgumentException(
                        "%s: no module that is trained is %s; %s is one"
                                .formatted(
                                        RANK_OF,
                                        pattern,
                                        modules.keySet().stream().findFirst().orElse("none")));
            }
        }
        AdapterKind kind = KindName.of(method).create(this, given, steps);
        AdapterKind sized = budget == null ? kind : Sizing.match(kind, modules, budget);
        modules.forEach((module, shape) -> sized.tensors(module, shape[0], shape[1]));
        return sized;
    }

    int rank(KindSizes given) {
        return rank == null ? given.rank() : rank;
    }

    /** A preset's alpha stays with another rank, as the paper's Table 14 has it for every rank. */
    double alpha(KindSizes given) {
        if (alpha != null) {
            return alpha;
        }
        Double preset = given.alpha();
        return preset == null ? rank(given) : preset;
    }

    Width width(KindSizes given) {
        if (features != null && expansion != null) {
            throw new ArgumentException("give either --features or --expansion");
        }
        return expansion == null
                ? Width.of(features == null ? given.features() : features)
                : Width.expanded(expansion);
    }

    Revival revival() {
        return revive == 0 ? Revival.NONE : new Revival(revive, reviveWeight, deadAfter);
    }
}
