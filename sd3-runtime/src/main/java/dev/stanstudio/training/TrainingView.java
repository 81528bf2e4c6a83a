package dev.stanstudio.training;

import dev.stanstudio.base.command.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints each line of the log: the numbers, and the remaining time. */
final class TrainingView implements TrainingLoop.Listener {
    private static final String SECONDS = "step_seconds";

    private final Progress progress;
    private long total;

    TrainingView(PrintWriter err) {
        progress = new Progress(err);
    }

    @Override
    public void onNumbers(String kind, long step, long planned, Map<String, Double> numbers) {
        String values =
                numbers.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(SECONDS))
                        .map(entry -> entry.getKey() + " " + shown(entry.getValue()))
                        .collect(Collectors.joining(", "));
        Double seconds = numbers.get(SECONDS);
        String pace =
                seconds == null
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; %.2f s a step, %.0f min left",
                                seconds,
                                seconds * (planned - step) / 60);
        progress.line("%s %d/%d: %s%s".formatted(kind, step, planned, values, pace));
        if (total != planned) {
            total = planned;
            progress.begin(kind, planned);
        }
        progress.done(step);
    }

    @Override
    public void onPhase(String name) {
        progress.phase(name);
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
