package dev.stanstudio.scoring.score;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows pictures done, their rate and the time left: a bar on a terminal, lines elsewhere. */
public final class ScoreProgress implements ScoreListener, AutoCloseable {
    /** Set by the launcher when standard error is a terminal, which Java cannot tell. */
    private static final String TERMINAL = "STUDIO_TERMINAL";

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final double NANOS = 1e9;

    private final PrintWriter err;
    private final boolean terminal = System.getenv(TERMINAL) != null;
    private @Nullable ProgressBar bar;
    private String stage = "";
    private long total;
    private long start;
    private long told;

    public ScoreProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void onStage(String what, long all) {
        close();
        stage = what;
        total = all;
        start = System.nanoTime();
        told = start;
        if (terminal) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(what)
                            .setInitialMax(all)
                            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                            .showSpeed()
                            .setSpeedUnit(ChronoUnit.SECONDS)
                            .setUpdateIntervalMillis(200)
                            .build();
        }
    }

    @Override
    public void onDone(long done) {
        if (bar != null) {
            bar.stepTo(done);
            return;
        }
        long now = System.nanoTime();
        if (now - told < PAUSE_NANOS && done != total) {
            return;
        }
        told = now;
        double rate = done * NANOS / Math.max(1, now - start);
        String line = String.format(Locale.ROOT, "%s: %,d", stage, done);
        if (total > 0) {
            Duration left = Duration.ofSeconds(Math.round((total - done) / Math.max(rate, 1e-9)));
            line +=
                    String.format(
                            Locale.ROOT,
                            " of %,d, %.1f per second, %d:%02d:%02d left",
                            total,
                            rate,
                            left.toHours(),
                            left.toMinutesPart(),
                            left.toSecondsPart());
        }
        err.println(line);
        err.flush();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
