package dev.stanstudio.adapter.analysis;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.training.LossLog;
import dev.stanstudio.training.TrainingLoop;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Implements {@code studio adapter experiment curves}: losses of trainings in one drawing. */
@Command(
        name = "curves",
        description =
                "Draw the losses of several trainings together, as loss-curves.png, .svg and .csv,"
                        + " or against seconds or parameters as loss-by-….")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CurvesCommand implements StudioCommand {
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "[NAME=]RUN",
            arity = "1..*",
            description = "Folders of trainings, as train --out wrote them; a name for the legend.")
    private List<String> runs;

    private final Map<String, Path> folders = new LinkedHashMap<>();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where they go.")
    private Path out;

    @Option(names = "--validation", description = "The validations instead of the steps.")
    private boolean validation;

    @Option(
            names = "--x",
            paramLabel = "NAME",
            defaultValue = "steps",
            description =
                    "What losses are drawn against: steps, seconds (of the steps alone) or"
                            + " parameters (the least loss of each training) (${DEFAULT-VALUE}).")
    private String x;

    @Override
    public String parent() {
        return "adapter experiment";
    }

    @Override
    public Integer call() {
        CurveAxis axis = CurveAxis.of(x);
        Map<String, LossLog> lines = new LinkedHashMap<>();
        for (String run : runs) {
            add(lines, run);
        }
        Map<String, CurvePoints> points = new LinkedHashMap<>();
        lines.forEach((name, log) -> points.put(name, points(axis, name, log)));
        new LossCurves(points, validation, axis).write(out);
        PrintWriter print = spec.commandLine().getOut();
        lines.forEach(
                (name, log) -> print(print, name, validation ? log.validation() : log.train()));
        print.println(out.resolve(axis.fileName() + ".png"));
        print.flush();
        return ExitCodes.DONE;
    }

    private CurvePoints points(CurveAxis axis, String name, LossLog log) {
        long parameters = axis == CurveAxis.PARAMETERS ? parameters(name) : 0;
        LossLog.Line line = validation ? log.validation() : log.train();
        CurvePoints points = axis.points(line, !validation, parameters);
        if (points.x().isEmpty()) {
            throw new ArgumentException(name + " has no loss after a step whose time was logged");
        }
        return points;
    }

    private long parameters(String name) {
        Path adapter = Objects.requireNonNull(folders.get(name)).resolve(AdapterPlace.FINISHED);
        try (AdapterFile file = AdapterFile.open(adapter)) {
            return file.parameters();
        }
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
        folders.put(name, folder);
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
