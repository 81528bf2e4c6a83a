package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.file.Warnings;
import dev.stanstudio.adapter.kind.BlockSet;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code studio adapter analyze}, which reads what an adapter's features stand for. */
@Command(
        name = "analyze",
        description =
                "Read an adapter's features over pictures of several styles, real ones or those"
                        + " that it generates: statistics, figures and the pictures of the most"
                        + " specific ones. A generation that was stopped goes on.",
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class AnalyzeCommand implements StudioCommand {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "ADAPTER", description = "A STAN or a low-rank adapter.")
    private Path path;

    @Mixin private PictureOptions pictures;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where analysis.json, features.csv and the figures go.")
    private Path out;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "The base model (default: the one the adapter names).")
    private @Nullable String model;

    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "NAME[,NAME...]",
            description =
                    "Layers by parts of their paths, such as attn.to_q or 3.attn (default: all"
                            + " that the adapter changes).")
    private @Nullable List<String> layers;

    @Option(
            names = "--unit",
            defaultValue = "token",
            paramLabel = "NAME",
            description =
                    "What a sample is: token, image (mean over tokens and noise levels or steps) or"
                            + " timestep (image at one level or step) (${DEFAULT-VALUE}).")
    private String unit;

    @Option(
            names = "--activation",
            defaultValue = "positive",
            paramLabel = "NAME",
            description =
                    "What counts: positive (kept and above 0, as in appendix F; of a low-rank"
                            + " adapter A x above 0) or magnitude (its size times the length of"
                            + " its direction) (${DEFAULT-VALUE}).")
    private String activation;

    @Option(
            names = "--show",
            defaultValue = "10",
            paramLabel = "N",
            description = "Features on the sheet of pictures (${DEFAULT-VALUE}).")
    private int shown;

    @Option(
            names = "--maps",
            description =
                    "Keep where each feature is active in its strongest pictures, for the studio's"
                            + " pages; every picture is shown twice.")
    private boolean maps;

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N.")
    private @Nullable String device;

    @Option(
            names = "--dtype",
            defaultValue = "fp32",
            paramLabel = "TYPE",
            description = "fp32, fp16 or bf16 (${DEFAULT-VALUE}).")
    private String dtype;

    @Override
    public String parent() {
        return "adapter";
    }

    @Override
    public Integer call() {
        FeatureAnalysis.Settings settings =
                new FeatureAnalysis.Settings(SampleUnit.of(unit), magnitude());
        PictureSource source = pictures.source(out);
        int count = source.choice().pictures().size();
        try (AdapterFile file = AdapterFile.open(path);
                Sd3Model loaded = load(file);
                Progress progress = new Progress(spec.commandLine().getErr())) {
            AdapterReport report =
                    file.match(
                            TargetModules.of(loaded.source()),
                            loaded.fingerprint(),
                            loaded.extended());
            Warnings.print(spec.commandLine().getErr(), report.warnings());
            AnalysisRun run =
                    new AnalysisRun(
                            loaded,
                            new LoadedAdapters.Weighted(file, 1, report.matched()),
                            layers(loaded, report.matched()),
                            settings,
                            source,
                            shown,
                            maps);
            progress.phase("reading features");
            progress.begin("reading features", count);
            try (FolderLock unused = FolderLock.of(out, "analysis")) {
                print(run.run(out, done -> showProgress(progress, done, count)));
            }
        }
        return ExitCodes.DONE;
    }

    private boolean magnitude() {
        return switch (activation) {
            case "magnitude" -> true;
            case "positive" -> false;
            default ->
                    throw new ArgumentException(
                            "no activation is called '"
                                    + activation
                                    + "'; use positive or magnitude");
        };
    }

    private Sd3Model load(AdapterFile file) {
        String named = file.record().map(AdapterRecord::baseModel).orElse(null);
        String name = model == null ? named : model;
        if (name == null) {
            throw new ArgumentException(
                    path + " does not name its base model; name it with --model");
        }
        Path found = new ModelFinder().find(name);
        return Sd3Model.load(
                ModelSource.open(found, null, null),
                new LoadOptions(
                        DeviceOptions.device(device),
                        DeviceOptions.type(dtype),
                        Offload.NONE,
                        true));
    }

    private List<String> layers(Sd3Model loaded, List<String> matched) {
        if (layers == null) {
            return matched.stream().filter(module -> MmditSlot.of(module).isPresent()).toList();
        }
        Set<String> named =
                new TargetSelection(layers, BlockSet.ALL)
                        .select(loaded.transformer().config())
                        .keySet();
        List<String> chosen = new ArrayList<>(matched);
        chosen.retainAll(named);
        if (chosen.isEmpty()) {
            throw new ArgumentException(
                    path + " does not change " + String.join(", ", layers) + " of the model");
        }
        return chosen;
    }

    private static void showProgress(Progress progress, int done, int count) {
        progress.done(done);
        if (done == count || done % 10 == 0) {
            progress.line("read the features of %d of %d pictures".formatted(done, count));
        }
    }

    private void print(FeatureAnalysis analysis) {
        PrintWriter to = spec.commandLine().getOut();
        to.printf(
                "%-42s %-12s %8s %6s %14s%n",
                "layer", "stream", "features", "dead", "mean entropy");
        for (LayerStatistics layer : analysis.layers()) {
            to.printf(
                    Locale.ROOT,
                    "%-42s %-12s %8d %6d %14.3f%n",
                    layer.shortName(),
                    layer.stream(),
                    layer.features().size(),
                    layer.dead(),
                    layer.meanEntropy());
        }
        to.printf(
                Locale.ROOT,
                "%nall styles alike: %.3f; the most specific features:%n",
                Math.log(analysis.styles().size()));
        for (FeatureAnalysis.Specific own : analysis.mostSpecific(shown)) {
            int style = own.feature().mainStyle();
            to.printf(
                    Locale.ROOT,
                    "%-42s %5d  %3.0f %% %s%n",
                    own.layer().shortName(),
                    own.feature().feature(),
                    100 * own.feature().shares().get(style),
                    analysis.styles().get(style));
        }
        to.println(out);
        to.flush();
    }
}
