package dev.stanstudio.scoring.score;

import dev.stanstudio.base.command.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Shows pictures done, their rate and the time left: a bar on a terminal, lines elsewhere. */
public final class ScoreProgress implements ScoreListener, AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Progress progress;
    private String stage = "";
    private long total;

    /** Creates a view on {@code err}. */
    public ScoreProgress(PrintWriter err) {
        progress = new Progress(err);
    }

    @Override
    public void onStage(String what, long all) {
        stage = what;
        total = all;
        progress.phase("measuring " + what);
        progress.begin(what, all);
    }

    @Override
    public void onDone(long done) {
        progress.done(done);
        progress.line(done == total ? Duration.ZERO : PAUSE, () -> line(done));
    }

    private String line(long done) {
        if (total <= 0) {
            return String.format(Locale.ROOT, "%s: %,d", stage, done);
        }
        double rate = progress.rate(done);
        return String.format(
                Locale.ROOT,
                "%s: %,d of %,d, %.1f per second, %s left",
                stage,
                done,
                total,
                rate,
                Progress.duration(total - done, rate));
    }

    @Override
    public void close() {
        progress.close();
    }
}
