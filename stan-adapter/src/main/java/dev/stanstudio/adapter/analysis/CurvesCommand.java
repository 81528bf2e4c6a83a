package dev.stanstudio.adapter.analysis;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.training.LossLog;
import dev.stanstudio.training.TrainingLoop;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio adapter experiment curves}: losses of several trainings in one drawing. */
@Command(
        name = "curves",
        description =
                "Draw the losses of several trainings together, as loss-curves.png, .svg and .csv.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CurvesCommand implements StudioCommand {
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "[NAME=]RUN",
            arity = "1..*",
            description = "Folders of trainings, as train --out wrote them; a name for the legend.")
    private List<String> runs;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where they go.")
    private Path out;

    @Option(names = "--validation", description = "The validations instead of the steps.")
    private boolean validation;

    @Override
    public String parent() {
        return "adapter experiment";
    }

    @Override
    public Integer call() {
        Map<String, LossLog> lines = new LinkedHashMap<>();
        for (String run : runs) {
            add(lines, run);
        }
        LossCurves curves = new LossCurves(lines, validation);
        curves.write(out);
        PrintWriter print = spec.commandLine().getOut();
        lines.forEach(
                (name, log) -> print(print, name, validation ? log.validation() : log.train()));
        print.println(out.resolve("loss-curves.png"));
        print.flush();
        return ExitCodes.DONE;
    }

    private void add(Map<String, LossLog> lines, String run) {
        int equals = run.indexOf('=');
        Path folder = Path.of(run.substring(equals + 1));
        Path file = folder.resolve(TrainingLoop.LOG);
        String name = equals < 0 ? String.valueOf(folder.getFileName()) : run.substring(0, equals);
        if (!Files.isRegularFile(file)) {
            throw new ArgumentException(
                    folder + " has no " + TrainingLoop.LOG + "; give the --out of a training");
        }
        LossLog log = LossLog.read(file);
        if ((validation ? log.validation() : log.train()).steps().isEmpty()) {
            throw new ArgumentException(
                    file + " has no " + (validation ? "validation" : "step") + " with a loss");
        }
        if (lines.put(name, log) != null) {
            throw new ArgumentException(
                    "two trainings are called " + name + "; name them, as in seed-2=" + folder);
        }
    }

    private static void print(PrintWriter out, String name, LossLog.Line line) {
        List<Double> smoothed = line.smoothed();
        int last = smoothed.size() - 1;
        double least = line.values().stream().mapToDouble(v -> v).min().orElse(Double.NaN);
        out.printf(
                Locale.ROOT,
                "%-24s step %6d  loss %.5f  running mean %.5f  least %.5f%n",
                name,
                line.steps().get(last).longValue(),
                line.values().get(last),
                smoothed.get(last),
                least);
    }
}
