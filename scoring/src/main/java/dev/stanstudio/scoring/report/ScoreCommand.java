package dev.stanstudio.scoring.report;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.scoring.compute.FeatureCache;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.score.ClusterOptions;
import dev.stanstudio.scoring.score.ResultJson;
import dev.stanstudio.scoring.score.RowFiles;
import dev.stanstudio.scoring.score.ScoreModelOptions;
import dev.stanstudio.scoring.score.ScoreProgress;
import dev.stanstudio.scoring.score.ScoreSettings;
import dev.stanstudio.scoring.score.Scoring;
import dev.stanstudio.scoring.vision.Towers;
import dev.stanstudio.scoring.vision.TowersPlan;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio score}: how well pictures fit their texts and styles. */
@Command(
        name = "score",
        description = {
            "Score pictures against their prompts and their styles' real pictures, with intervals.",
            "Writes pictures.jsonl, pictures.csv, summary.json and report.html; stopped or killed,",
            "the same command goes on where it was."
        },
        sortOptions = false)
public final class ScoreCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "[METHOD=]PATH",
            description =
                    "Folder, manifest.jsonl or webdataset tar; METHOD names what made its pictures"
                            + " where it does not say so itself.")
    List<String> inputs = new ArrayList<>();

    @Mixin ScoreModelOptions models = new ScoreModelOptions();

    @Option(
            names = "--references",
            paramLabel = "DIR",
            description =
                    "Style collection with real pictures; references are of a part that no"
                            + " training reads.")
    @Nullable Path references;

    @Option(
            names = "--references-part",
            paramLabel = "PART",
            description =
                    "Part of the collection that references are of (default: references, else test,"
                            + " else validation).")
    @Nullable String part;

    @Option(
            names = "--training",
            paramLabel = "DIR",
            description = "Collection to look for copies in (default: the references').")
    @Nullable Path training;

    @Option(names = "--style", description = "Style of the pictures that name none.")
    @Nullable String style;

    @Option(
            names = "--prefix",
            description = "Text before every prompt; CLIPScore's is 'A photo depicts '.")
    String prefix = "";

    @Option(
            names = "--references-per-style",
            paramLabel = "N",
            description = "Most references of a style (${DEFAULT-VALUE}).")
    int perStyle = 100;

    @Option(
            names = "--held-out-per-style",
            paramLabel = "N",
            description = "Most held-out real pictures of a style (${DEFAULT-VALUE}).")
    int heldOut = 50;

    @Option(
            names = "--training-pictures",
            paramLabel = "N",
            description = "Most pictures to look for copies in (${DEFAULT-VALUE}).")
    int trainingPictures = 5000;

    @Option(
            names = "--replicates",
            paramLabel = "N",
            description = "Resamples of the bootstrap (${DEFAULT-VALUE}).")
    int replicates = 1000;

    @Option(names = "--seed", description = "Seed of the bootstrap (${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Pictures that go through a network at once (${DEFAULT-VALUE}).")
    int batch = 32;

    @Mixin VoteOptions votes = new VoteOptions();

    @Mixin ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description =
                    "Where features are kept (default: ~/.cache/stan-studio/features); pictures"
                            + " that are known are not computed again.")
    @Nullable Path cache;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the results (${DEFAULT-VALUE}).")
    Path out = Path.of("scores");

    @Option(names = "--json", description = "Print the summary as JSON.")
    boolean json;

    @Override
    public Integer call() {
        ScoreSettings settings =
                new ScoreSettings(
                        batch, perStyle, heldOut, trainingPictures, replicates, seed, prefix, part);
        if (training != null && references == null) {
            throw new ArgumentException(
                    "--training needs --references: without them no copies are looked for");
        }
        if (part != null && references == null) {
            throw new ArgumentException("--references-part needs --references");
        }
        VotedPictures voted = votes.read();
        List<PictureList> lists = inputs.stream().map(this::open).toList();
        CommandLine own = Objects.requireNonNull(spec, "picocli sets the spec").commandLine();
        TowersPlan plan = models.plan();
        cluster.check(lists);
        try (FolderLock lock = FolderLock.of(out, "scoring");
                Towers towers = plan.open();
                FeatureExtractor extractor = cluster.extractor(plan, towers);
                FeatureCache features = FeatureCache.open(cacheFolder());
                ScoreProgress progress = new ScoreProgress(own.getErr());
                RowFiles rows = new RowFiles(out, Scoring.columns(towers, references != null))) {
            Scoring.Outcome outcome =
                    new Scoring(towers, features, extractor, settings, progress)
                            .run(
                                    lists,
                                    references,
                                    training,
                                    picture -> {
                                        rows.add(picture);
                                        voted.add(picture);
                                    });
            progress.close();
            Map<String, Consumer<Path>> files = new LinkedHashMap<>();
            List<VoteAgreement> agreement =
                    voted.agreement(
                            outcome.result().definitions(), new PoissonWeights(replicates, seed));
            files.put(ResultJson.FILE, file -> ResultJson.write(outcome.result(), file));
            files.put(Report.FILE, file -> Report.write(outcome, lists, agreement, file));
            if (votes.given()) {
                files.put(VotedPictures.FILE, file -> VotedPictures.write(agreement, file));
            }
            ResultFiles.write(out, files, rows::finish);
            print(own.getOut(), outcome);
        }
        return ExitCodes.DONE;
    }

    private void print(PrintWriter print, Scoring.Outcome outcome) {
        if (json) {
            print.println(ResultJson.text(outcome.result()));
        } else {
            new ResultText(print).print(outcome);
            print.println(out.resolve(Report.FILE));
        }
        print.flush();
    }

    private Path cacheFolder() {
        return cache != null
                ? cache
                : Path.of(System.getProperty("user.home"), ".cache", "stan-studio", "features");
    }

    private PictureList open(String input) {
        int equals = input.indexOf('=');
        boolean named = equals > 0 && !Files.exists(Path.of(input));
        Path path = Path.of(named ? input.substring(equals + 1) : input);
        if (!Files.exists(path)) {
            throw new UserException("there is no folder, manifest or tar " + path);
        }
        String method = named ? input.substring(0, equals) : nameOf(path);
        return PictureList.open(path, new PictureList.Defaults(method, style));
    }

    private static String nameOf(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? "pictures" : name.toString().replaceFirst("\\.(tar|jsonl)$", "");
    }
}
