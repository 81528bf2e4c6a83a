package dev.stanstudio.web.job;

import dev.stanstudio.training.TrainingLoop;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job as its page shows it.
 *
 * @param ahead jobs that run or wait before it, if it waits
 * @param curve the losses so far, of a training
 * @param sheets names of the sheets of samples, of a training, the newest last
 * @param captions of the pictures of each sheet, the leftmost first
 * @param lines the last lines of its log
 * @param duration the time since its last begin
 * @param left the time until the end of its phase, if it can be told
 */
public record JobView(
        Job job,
        List<Job> ahead,
        Optional<TrainingCurve> curve,
        List<String> sheets,
        List<String> captions,
        List<String> lines,
        Duration duration,
        Optional<Duration> left) {
    private static final int MOST_LINES = 12;

    /** Returns the view of a job, which waits for {@code ahead}. */
    public static JobView of(Job job, List<Job> ahead, Clock clock) {
        Path folder = job.request().folder();
        Instant now = clock.instant();
        return new JobView(
                job,
                ahead,
                TrainingCurve.read(folder.resolve(TrainingLoop.LOG)),
                SampleSheets.names(folder),
                SampleSheets.captions(folder),
                JobProgress.lastLines(job.output(), MOST_LINES),
                job.duration(now),
                left(job, now));
    }

    private static Optional<Duration> left(Job job, Instant now) {
        return job.state().isRunning()
                ? job.phases().stream()
                        .filter(JobPhase::current)
                        .findFirst()
                        .flatMap(phase -> phase.left(now))
                : Optional.empty();
    }

    /** Returns its phases so far. */
    public List<JobPhase> phases() {
        return job.phases();
    }

    /** Returns the name of its current phase as the begin of a line; empty if it has none. */
    public String phase() {
        return phases().stream()
                .filter(JobPhase::current)
                .map(JobPhase::title)
                .findFirst()
                .orElse("");
    }

    /** Returns its kind in words. */
    public String kind() {
        return job.request().kind().words();
    }

    /** Returns whether letting it go on can succeed. */
    public boolean canGoOn() {
        return job.canGoOn();
    }

    /** Returns whether it failed or was stopped, so that its card may be put away. */
    public boolean canBeDismissed() {
        return isFailed() || isCancelled();
    }

    /** Returns the path to which a dismissal is sent. */
    public String dismissal() {
        return job.request().kind().keepsFolder()
                ? "/adapters/train/%s/dismiss".formatted(id())
                : "/jobs/%s/dismiss".formatted(id());
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
            case QUEUED -> waiting();
            case RUNNING -> running();
            case DONE -> "Done";
            case FAILED -> "Failed";
            case CANCELLED -> "Stopped";
        };
    }

    private String waiting() {
        return switch (ahead.size()) {
            case 0 -> "Waits for its turn";
            case 1 -> "Waits for its turn, after “%s”".formatted(ahead.get(0).request().title());
            default -> "Waits for its turn, after %d other jobs".formatted(ahead.size());
        };
    }

    private String running() {
        String counted = isCounted() ? done() + " of " + total() : "";
        if (phase().isEmpty()) {
            return counted.isEmpty() ? "Begins" : counted;
        }
        return counted.isEmpty() ? phase() : phase() + ", " + counted;
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

    /** Returns whether its duration is worth showing; that of a running job grows. */
    public boolean isTimed() {
        return isRunning() || duration.toSeconds() > 0;
    }

    /** Returns its duration for people. */
    public String time() {
        return time(duration);
    }

    /** Returns the time that is left for people; empty if it is unknown. */
    public String timeLeft() {
        return left.map(JobView::time).orElse("");
    }

    private static String time(Duration time) {
        if (time.toMinutes() == 0) {
            return time.toSeconds() + " s";
        }
        return time.toHours() == 0
                ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
                : "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
    }
}
