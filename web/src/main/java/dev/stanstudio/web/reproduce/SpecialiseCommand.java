package dev.stanstudio.web.reproduce;

import dev.stanstudio.adapter.analysis.FeatureAnalysis;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.scoring.vision.ClipModel;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code studio specialise}: tests that a STAN's features carry their styles. */
@Command(
        name = "specialise",
        description = {
            "Switch off and boost the most style-specific features of an analysed STAN, and random",
            "ones of the same layers, and let CLIP say how much of the style goes and comes."
        },
        sortOptions = false)
public final class SpecialiseCommand implements StudioCommand {
    private static final int REFERENCES = 30;

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

    @Option(
            names = "--clip",
            required = true,
            paramLabel = "DIR",
            description = "The CLIP model that judges.")
    Path clip = Path.of(".");

    @Option(names = "--model", paramLabel = "MODEL", description = "Default: the analysis's.")
    @Nullable String model;

    @Option(names = "--features", paramLabel = "N", description = "How many (${DEFAULT-VALUE}).")
    int features = 10;

    @Option(
            names = "--pictures",
            paramLabel = "N",
            description = "Pictures for each feature (${DEFAULT-VALUE}).")
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
        FeatureAnalysis read = FeatureAnalysis.read(analysis);
        StyleCollection collection = StyleCollection.open(data);
        Path found = new ModelFinder().find(model == null ? read.model() : model);
        List<FeatureTrial.Result> results = new ArrayList<>();
        try (ClipModel judge = ClipModel.open(clip, new Placement(Device.CPU, DType.FP32));
                Sd3Pipeline pipeline =
                        new Sd3Pipeline(
                                Sd3Model.load(
                                        ModelSource.open(found, null, null),
                                        new LoadOptions(
                                                Device.CPU, DType.FP32, Offload.NONE, true)))) {
            FeatureTrial trial =
                    new FeatureTrial(
                            pipeline,
                            new StyleJudge(judge, collection, read.styles(), REFERENCES),
                            adapter,
                            read,
                            new FeatureTrial.Settings(steps, pictures, boost, seed));
            List<String> contents = contents(collection);
            for (FeatureAnalysis.Specific own : read.mostSpecific(features)) {
                results.add(trial.run(own, contents));
                if (!json) {
                    print(results.get(results.size() - 1), results.size() == 1);
                }
            }
        }
        finish(results);
        return ExitCodes.DONE;
    }

    private List<String> contents(StyleCollection collection) {
        List<String> contents =
                collection.items().stream()
                        .map(item -> item.labels().content())
                        .flatMap(Stream::ofNullable)
                        .distinct()
                        .limit(pictures)
                        .toList();
        if (contents.isEmpty()) {
            throw new ArgumentException(data + " does not say what its pictures show");
        }
        return contents;
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
