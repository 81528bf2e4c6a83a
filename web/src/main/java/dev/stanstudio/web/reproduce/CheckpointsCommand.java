package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.scoring.score.Result;
import dev.stanstudio.scoring.score.ResultJson;
import dev.stanstudio.sd3.pipeline.SavedState;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.grid.GridCommand;
import dev.stanstudio.web.grid.YamlText;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code studio checkpoints}: scores the saved states of a training. */
@Command(
        name = "checkpoints",
        description = {
            "Draw the same pictures with every saved state of a training and without adapter,"
                    + " score",
            "them, and name the earliest state that is not worse than the best. Interrupted, the",
            "same command goes on."
        },
        sortOptions = false)
public final class CheckpointsCommand implements StudioCommand {
    private static final String VALIDATION = "validation";
    private static final String GRID = "grid.yaml";
    private static final String PICTURES = "grid";
    private static final String SCORES = "scores";

    @Spec @Nullable CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The folder of a training, its --out.")
    Path run = Path.of(".");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "The style collection: styles, contents, and pictures to compare with.")
    Path data = Path.of(".");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "For the results.")
    Path out = Path.of(".");

    @Option(names = "--model", paramLabel = "MODEL", description = "Its model (sd3-nano).")
    @Nullable String model;

    @Option(
            names = "--styles",
            split = ",",
            paramLabel = "NAME",
            description = "Styles to draw (all of the collection).")
    List<String> styles = new ArrayList<>();

    @Option(
            names = "--content",
            paramLabel = "TEXT",
            description =
                    "What to draw, several times for several (4 that the collection's pictures"
                        + " show); each is drawn in every style, and without one for the drift.")
    List<String> contents = new ArrayList<>();

    @Option(
            names = "--pictures",
            paramLabel = "N",
            description = "Noises of each prompt (${DEFAULT-VALUE}).")
    int pictures = 2;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of sampling (the model's).")
    @Nullable Integer steps;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description = "What decides (csd_style, else dinov2_style, dino_style, clip_i_style).")
    @Nullable String metric;

    @Option(
            names = "--references-part",
            paramLabel = "PART",
            description =
                    "Part of the collection to compare with (validation where there is one, so that"
                            + " nothing is chosen by test pictures; else as score does).")
    @Nullable String part;

    @Option(names = "--clip", paramLabel = "MODEL", description = "As for score.")
    @Nullable String clip;

    @Option(names = "--dino", paramLabel = "MODEL", description = "As for score.")
    @Nullable String dino;

    @Option(names = "--dinov2", paramLabel = "MODEL", description = "As for score.")
    @Nullable String dinov2;

    @Option(names = "--csd", paramLabel = "MODEL", description = "As for score.")
    @Nullable String csd;

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec, "picocli sets the spec").commandLine();
        CheckpointGrid grid = grid();
        List<Step> planned = steps(grid);
        check(grid, planned);
        try (FolderLock lock = FolderLock.of(out, "comparison of saved states")) {
            line.getErr().printf("%d pictures%n", grid.count());
            write(grid);
            runner(line.getErr()).run(planned);
            CheckpointReport report = report(grid);
            report.write(out);
            print(line.getOut(), report);
        }
        return ExitCodes.DONE;
    }

    private CheckpointGrid grid() {
        if (!Files.isDirectory(run)) {
            throw new UserException("there is no folder of a training " + run);
        }
        List<String> own = StyleJudge.styles(data);
        for (String style : styles) {
            if (!own.contains(style)) {
                throw new ArgumentException(
                        "%s has no style '%s'; there are %s"
                                .formatted(data, style, String.join(", ", own)));
            }
        }
        return new CheckpointGrid(
                run,
                model,
                styles.isEmpty() ? own : styles,
                contents.isEmpty() ? StyleJudge.contents(data, 4) : contents,
                pictures,
                steps);
    }

    /** Refuses what would be refused only after the pictures were drawn. */
    private void check(CheckpointGrid grid, List<Step> planned) {
        GridCommand.check(out.resolve(GRID), grid.content(out));
        for (Step step : planned) {
            CommandLines.refusal(step.arguments())
                    .ifPresent(
                            reason -> {
                                throw new UserException(step.name() + ": " + reason);
                            });
        }
    }

    private void write(CheckpointGrid grid) {
        ObjectNode content = grid.content(out);
        AtomicFile.write(out.resolve(GRID), file -> file.write(YamlText.bytes(content)));
    }

    private List<Step> steps(CheckpointGrid grid) {
        List<Path> drawnFrom = new ArrayList<>(List.of(out.resolve(GRID)));
        grid.states().forEach(state -> drawnFrom.add(state.path()));
        Path list = out.resolve(PICTURES).resolve(Manifest.FILE);
        Step draw =
                new Step(
                                PICTURES,
                                List.of(
                                        "grid",
                                        out.resolve(GRID).toString(),
                                        "--out",
                                        out.resolve(PICTURES).toString()))
                        .reading(drawnFrom);
        List<String> score = new ArrayList<>(List.of("score", list.toString()));
        add(score, "--clip", clip);
        add(score, "--dino", dino);
        add(score, "--dinov2", dinov2);
        add(score, "--csd", csd);
        add(score, "--references", data.toString());
        add(score, "--references-part", comparedWith());
        add(score, "--out", out.resolve(SCORES).toString());
        return List.of(draw, new Step(SCORES, score).reading(List.of(list)));
    }

    private @Nullable String comparedWith() {
        if (part != null) {
            return part;
        }
        return StyleJudge.hasPart(data, VALIDATION) ? VALIDATION : null;
    }

    private static void add(List<String> arguments, String option, @Nullable String value) {
        if (value != null) {
            arguments.addAll(List.of(option, value));
        }
    }

    private StepRunner runner(PrintWriter err) {
        return new StepRunner(
                out,
                arguments -> CommandLines.run(err, err, arguments),
                text -> {
                    err.println(text);
                    err.flush();
                });
    }

    private CheckpointReport report(CheckpointGrid grid) {
        List<CheckpointReport.State> states = new ArrayList<>();
        for (SavedState state : grid.states()) {
            states.add(
                    new CheckpointReport.State(
                            state.step(),
                            CheckpointGrid.column(state.step()),
                            state.path().toString()));
        }
        Result result = ResultJson.read(out.resolve(SCORES).resolve(ResultJson.FILE));
        List<String> columns = states.stream().map(CheckpointReport.State::column).toList();
        return new CheckpointReport(result, states, CheckpointChoice.of(result, columns, metric));
    }

    private void print(PrintWriter print, CheckpointReport report) {
        print.println(report.verdict());
        print.println(report.chosen().path());
        print.println(out.resolve(CheckpointReport.TEXT));
        print.flush();
    }
}
