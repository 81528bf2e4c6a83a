package dev.stanstudio.web.reproduce;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.datasets.cli.ExitCodes;
import dev.stanstudio.datasets.cli.StudioCommand;
import dev.stanstudio.web.CommandLines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio reproduce}: an experiment from one YAML file. */
@Command(
        name = "reproduce",
        description =
                "Run an experiment from a YAML file or preset: train the methods, draw a grid,"
                        + " score it, report. Interrupted, the same command goes on.",
        sortOptions = false)
public final class ReproduceCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "EXPERIMENT",
            description = "A YAML file, or a preset: nano, nano-sparsity, nano-forgetting.")
    String experiment = "";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for everything that the experiment makes.")
    Path out = Path.of(".");

    @Option(names = "--dry-run", description = "Print the commands, and run none.")
    boolean dryRun;

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec, "picocli sets the spec").commandLine();
        PrintWriter err = line.getErr();
        Plan plan = new Plan(ExperimentFile.read(experiment), out);
        List<Step> steps = plan.steps();
        if (dryRun) {
            steps.forEach(step -> line.getOut().println(step.line()));
        } else {
            makeFolder();
            new Pictures(plan).writeGrids();
            new StepRunner(
                            out,
                            arguments -> CommandLines.run(err, err, arguments),
                            text -> {
                                err.println(text);
                                err.flush();
                            })
                    .run(steps);
            line.getOut().println(new ExperimentReport(plan).write());
        }
        line.getOut().flush();
        return ExitCodes.DONE;
    }

    private void makeFolder() {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UserException("the folder " + out + " cannot be made: " + e.getMessage(), e);
        }
    }
}
