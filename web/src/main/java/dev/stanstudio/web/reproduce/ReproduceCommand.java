package dev.stanstudio.web.reproduce;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.server.ServerOptions;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code studio reproduce}: an experiment from one YAML file. */
@Command(
        name = "reproduce",
        description =
                "Run an experiment from a YAML file or preset: train the methods, draw a grid,"
                        + " score it, open the blind study, report. Interrupted, or when the votes"
                        + " are in, the same command goes on.",
        sortOptions = false)
public final class ReproduceCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "EXPERIMENT",
            description =
                    "A YAML file, or a preset: nano, nano-sparsity, nano-forgetting, nano-curves,"
                            + " nano-learn, nano-merging, nano-unseen, nano-unseen-loss,"
                            + " nano-unseen-tuning, paper.")
    String experiment = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for everything that the experiment makes.")
    Path out = Path.of(".");

    @Option(
            names = "--dry-run",
            description =
                    "Print the commands, and run none; on a published model with the time and"
                            + " memory that a cost model expects of each.")
    boolean dryRun;

    @Option(
            names = "--card",
            paramLabel = "NAME",
            description = "The card that --dry-run estimates for: ${COMPLETION-CANDIDATES} (h200).")
    @Nullable Card card;

    @Option(
            names = "--source",
            paramLabel = "NAME=PATH",
            description = "Folder or file of a source that the experiment imports.")
    Map<String, Path> sources = new LinkedHashMap<>();

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Another model than the experiment's.")
    @Nullable String model;

    @Option(
            names = "--db",
            paramLabel = "URL",
            description = "The studio's database, for the study (a file in STUDIO_HOME).")
    @Nullable String db;

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec, "picocli sets the spec").commandLine();
        Plan plan = new Plan(ExperimentFile.read(experiment).with(model, sources), out);
        List<Step> steps = plan.steps();
        check(plan, steps);
        if (dryRun) {
            new DryRun(plan, card, line.getOut()).print(steps);
        } else {
            makeFolder();
            run(plan, line.getErr());
            Optional<StudyOutcome> outcome = outcome(plan);
            line.getOut().println(new ExperimentReport(plan, outcome).write());
            outcome.map(StudyOutcome::todo)
                    .filter(todo -> !todo.isEmpty())
                    .ifPresent(line.getOut()::println);
        }
        line.getOut().flush();
        return ExitCodes.DONE;
    }

    /** Refuses what a later step would refuse only when those before it have run for hours. */
    private void check(Plan plan, List<Step> steps) {
        for (Step step : steps) {
            CommandLines.refusal(step.arguments())
                    .ifPresent(
                            reason -> {
                                throw new UserException(
                                        "%s, step %s: %s"
                                                .formatted(experiment, step.name(), reason));
                            });
        }
        new Pictures(plan).check();
        plan.learning().forEach(LearningPictures::check);
    }

    private void run(Plan plan, PrintWriter err) {
        new Pictures(plan).writeGrids();
        plan.learning().forEach(LearningPictures::writeGrid);
        StepRunner runner =
                new StepRunner(
                        out,
                        arguments -> CommandLines.run(err, err, withDatabase(arguments)),
                        text -> {
                            err.println(text);
                            err.flush();
                        });
        runner.run(plan.machineSteps());
        StudyStep study = new StudyStep(plan);
        if (!study.steps().isEmpty()) {
            study.writeList();
            runner.run(study.steps());
        }
    }

    /** Adds the database's address, which may hold a password and so is in no step's record. */
    private List<String> withDatabase(List<String> arguments) {
        if (db == null || !arguments.get(0).equals("study")) {
            return arguments;
        }
        List<String> whole = new ArrayList<>(arguments);
        whole.addAll(List.of("--db", db));
        return whole;
    }

    private Optional<StudyOutcome> outcome(Plan plan) {
        if (plan.experiment().study() == null) {
            return Optional.empty();
        }
        StudioContext studio = ServerOptions.studio(db);
        try (Database open = studio.database()) {
            return Optional.of(
                    StudyOutcome.read(
                            new StudyStore(studio), new StudyStep(plan).receipt(), plan.votes()));
        }
    }

    private void makeFolder() {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UserException("the folder " + out + " cannot be made: " + e.getMessage(), e);
        }
    }
}
