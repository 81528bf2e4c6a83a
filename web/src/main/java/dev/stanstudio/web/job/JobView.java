package dev.stanstudio.web.job;

import dev.stanstudio.training.TrainingLoop;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A job as its page shows it.
 *
 * @param curve the losses so far, of a training
 * @param sheets names of the sheets of samples, of a training, the newest last
 * @param lines the last lines of its log
 * @param duration the time since its last begin
 */
public record JobView(
        Job job,
        Optional<TrainingCurve> curve,
        List<String> sheets,
        List<String> lines,
        Duration duration) {
    private static final int MOST_LINES = 12;

    public static JobView of(Job job, Clock clock) {
        Path folder = job.request().folder();
        return new JobView(
                job,
                TrainingCurve.read(folder.resolve(TrainingLoop.LOG)),
                SampleSheets.names(folder),
                JobProgress.lastLines(job.output(), MOST_LINES),
                job.duration(clock.instant()));
    }

    public String id() {
        return job.id();
    }

    /** Returns the path of the job's page. */
    public String address() {
        return job.address();
    }

    /** Returns the path of the page with its results. */
    public String result() {
        return job.request().result();
    }

    /** Returns the name that people gave it. */
    public String title() {
        return job.request().title();
    }

    /** Returns the label of its state, for style sheets and scripts. */
    public String state() {
        return job.state().label();
    }

    /** Returns its state in words. */
    public String words() {
        return switch (job.state()) {
            case QUEUED -> "Waits for its turn";
            case RUNNING -> isCounted() ? done() + " of " + total() : "Begins";
            case DONE -> "Done";
            case FAILED -> "Failed";
            case CANCELLED -> "Stopped";
        };
    }

    public boolean isRunning() {
        return job.state().isRunning();
    }

    public boolean isDone() {
        return job.state().isDone();
    }

    public boolean isFailed() {
        return job.state().isFailed();
    }

    public boolean isCancelled() {
        return job.state().isCancelled();
    }

    /** Returns whether its command has printed how much there is to do. */
    public boolean isCounted() {
        return total() > 0;
    }

    public long done() {
        return job.progress().done();
    }

    public long total() {
        return job.progress().total();
    }

    /** Returns the last line of its log. */
    public String lastLine() {
        return job.progress().said();
    }

    /** Returns whether its duration is worth showing. */
    public boolean isTimed() {
        return duration.toSeconds() > 0;
    }

    /** Returns its duration for people. */
    public String time() {
        if (duration.toMinutes() == 0) {
            return duration.toSeconds() + " s";
        }
        return duration.toHours() == 0
                ? "%d min %d s".formatted(duration.toMinutes(), duration.toSecondsPart())
                : "%d h %d min".formatted(duration.toHours(), duration.toMinutesPart());
    }
}
