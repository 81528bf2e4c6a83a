package dev.stanstudio.web.job;

import dev.stanstudio.training.TrainingLoop;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A job as its page shows it.
 *
 * @param curve the losses so far, of a training
 * @param sheets names of the pictures of samples, of a training, the newest last
 * @param lines the last lines that its commands said
 * @param seconds it has been worked at
 */
public record JobView(
        Job job,
        Optional<TrainingCurve> curve,
        List<String> sheets,
        List<String> lines,
        long seconds) {
    private static final int MOST_LINES = 12;

    public static JobView of(Job job, Clock clock) {
        Path folder = job.order().folder();
        List<String> lines = JobProgress.lastLines(job.output());
        return new JobView(
                job,
                TrainingCurve.read(folder.resolve(TrainingLoop.LOG)),
                SampleSheets.names(folder),
                lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()),
                job.seconds(clock.millis()));
    }

    /** What is going on, in words. */
    public String words() {
        return switch (job.state()) {
            case QUEUED -> "Waits for its turn";
            case RUNNING -> job.total() > 0 ? job.done() + " of " + job.total() : "Begins";
            case DONE -> "Done";
            case FAILED -> "Failed";
            case CANCELLED -> "Stopped";
        };
    }

    /** Time it has taken, for people. */
    public String time() {
        long minutes = seconds / 60;
        return minutes == 0
                ? seconds + " s"
                : minutes < 60
                        ? minutes + " min " + seconds % 60 + " s"
                        : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
