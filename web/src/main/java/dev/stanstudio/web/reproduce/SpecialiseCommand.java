package dev.stanstudio.web.reproduce;

import dev.stanstudio.adapter.analysis.FeatureAnalysis;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.scoring.vision.ClipModel;
import dev.stanstudio.scoring.vision.CsdModel;
import dev.stanstudio.scoring.vision.ImageEmbedder;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Implements {@code studio specialise}: tests that a STAN's features carry their styles. */
@Command(
        name = "specialise",
        description = {
            "Switch off and boost the most style-specific features of an analysed STAN, and random",
            "ones of the same layers, and let CLIP or CSD say how much of the style goes and comes."
        },
        sortOptions = false)
public final class SpecialiseCommand implements StudioCommand {
    private static final int REFERENCES = 30;

    /** Above it there are too few other features to compare with. */
    private static final double MOST = 0.5;

    @Spec @Nullable CommandSpec spec;

    @Parameters(paramLabel = "ADAPTER", description = "The STAN.")
    Path adapter = Path.of(".");

    @Option(
            names = "--analysis",
            required = true,
            paramLabel = "DIR",
            description = "What 'adapter analyze' wrote.")
    Path analysis = Path.of(".");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "A style collection: contents to draw, and pictures to compare with.")
    Path data = Path.of(".");

    /** The network that judges. */
    static final class Judge {
        @Option(names = "--clip", paramLabel = "DIR", description = "The CLIP model that judges.")
        @Nullable Path clip;

        @Option(names = "--csd", paramLabel = "DIR", description = "Or a CSD model.")
        @Nullable Path csd;
    }

    @ArgGroup(multiplicity = "1")
    Judge judge = new Judge();

    @Option(names = "--model", paramLabel = "MODEL", description = "Default: the analysis's.")
    @Nullable String model;

    @Option(names = "--features", paramLabel = "N", description = "How many (${DEFAULT-VALUE}).")
    int features = 10;

    @Option(
            names = "--share",
            paramLabel = "P",
            description = "Switch off this share of all features at once, for each style.")
    @Nullable Double share;

    @Option(
            names = "--pictures",
            paramLabel = "N",
            description = "Pictures for each feature, or style (${DEFAULT-VALUE}).")
    int pictures = 5;

    @Option(names = "--steps", paramLabel = "N", description = "Steps (${DEFAULT-VALUE}).")
    int steps = 20;

    @Option(
            names = "--boost",
            paramLabel = "X",
            description = "What is added, in mean activations (${DEFAULT-VALUE}).")
    double boost = 4;

    @Option(names = "--seed", paramLabel = "N", description = "Of pictures and random features.")
    long seed = 1;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    @Override
    public Integer call() {
        if (features < 1 || pictures < 1 || steps < 1) {
            throw new ArgumentException("--features, --pictures and --steps must be at least 1");
        }
        requireShare();
        FeatureAnalysis read = FeatureAnalysis.read(analysis);
        List<String> contents = StyleJudge.contents(data, pictures);
        Path found = new ModelFinder().find(model == null ? read.model() : model);
        try (OpenJudge network = openJudge();
                Sd3Pipeline pipeline =
                        new Sd3Pipeline(
                                Sd3Model.load(
                                        ModelSource.open(found, null, null),
                                        new LoadOptions(
                                                Device.CPU, DType.FP32, Offload.NONE, true)))) {
            StyleJudge styles = new StyleJudge(network.images(), data, read.styles(), REFERENCES);
            SteeredPictures drawn = new SteeredPictures(pipeline, styles, adapter, steps);
            if (share == null) {
                tryFeatures(new FeatureTrial(drawn, read, singles()), read, contents);
            } else {
                GroupTrial.Settings settings = new GroupTrial.Settings(share, pictures, seed);
                tryGroups(new GroupTrial(drawn, read, settings), read, contents);
            }
        }
        return ExitCodes.DONE;
    }

    private FeatureTrial.Settings singles() {
        return new FeatureTrial.Settings(pictures, boost, seed);
    }

    private record OpenJudge(ImageEmbedder images, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }
    }

    private OpenJudge openJudge() {
        Placement placement = new Placement(Device.CPU, DType.FP32);
        if (judge.csd != null) {
            CsdModel csd = CsdModel.open(judge.csd, placement);
            return new OpenJudge(csd.embedder(), csd::close);
        }
        ClipModel clip = ClipModel.open(Objects.requireNonNull(judge.clip), placement);
        return new OpenJudge(clip.images(), clip::close);
    }

    private void tryFeatures(FeatureTrial trial, FeatureAnalysis read, List<String> contents) {
        List<FeatureTrial.Result> results = new ArrayList<>();
        for (FeatureAnalysis.Specific own : read.mostSpecific(features)) {
            results.add(trial.run(own, contents));
            if (!json) {
                print(results.get(results.size() - 1), results.size() == 1);
            }
        }
        finish(results);
    }

    private void tryGroups(GroupTrial trial, FeatureAnalysis read, List<String> contents) {
        List<GroupTrial.Result> results = new ArrayList<>();
        if (!json) {
            GroupTable.head(out());
        }
        for (int style = 0; style < read.styles().size(); style++) {
            results.add(trial.run(style, contents));
            if (!json) {
                GroupTable.row(out(), results.get(style));
            }
        }
        if (json) {
            out().println(Json.pretty(Json.PLAIN, results));
        } else {
            GroupTable.summary(out(), results);
        }
        out().flush();
    }

    private void requireShare() {
        if (share == null) {
            return;
        }
        if (!(share > 0 && share <= MOST)) {
            throw new ArgumentException("--share must be above 0 and at most 0.5, is " + share);
        }
        ParseResult given =
                Objects.requireNonNull(spec, "picocli sets the spec")
                        .commandLine()
                        .getParseResult();
        if (given.hasMatchedOption("--features") || given.hasMatchedOption("--boost")) {
            throw new ArgumentException(
                    "--features and --boost are for single features; leave them out with --share");
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec, "picocli sets the spec").commandLine().getOut();
    }

    private void print(FeatureTrial.Result result, boolean first) {
        if (first) {
            out().printf(
                            "%-40s %7s %-16s %9s %9s %9s %9s%n",
                            "layer", "feature", "style", "off", "(random)", "boost", "(random)");
        }
        out().printf(
                        Locale.ROOT,
                        "%-40s %7d %-16s %+9.1e %+9.1e %+9.1e %+9.1e%n",
                        result.layer().replace("transformer_blocks.", ""),
                        result.feature(),
                        result.style(),
                        result.off(),
                        result.randomOff(),
                        result.boosted(),
                        result.randomBoosted());
        out().flush();
    }

    private void finish(List<FeatureTrial.Result> results) {
        if (json) {
            out().println(Json.pretty(Json.PLAIN, results));
        } else {
            long less = results.stream().filter(r -> r.off() < r.randomOff()).count();
            long more = results.stream().filter(r -> r.boosted() > r.randomBoosted()).count();
            out().printf(
                            "%nof %d features, %d take more of their style away than a random"
                                    + " one, %d add more%n",
                            results.size(), less, more);
        }
        out().flush();
    }
}
