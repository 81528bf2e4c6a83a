package dev.stanstudio.base.command;

import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how far a count has come: a bar on a terminal, a line per tenth elsewhere. */
public final class CountProgress implements AutoCloseable {
    /** Set by the launcher when standard error is a terminal, which Java cannot tell. */
    private static final String TERMINAL = "STUDIO_TERMINAL";

    private final PrintWriter err;
    private final String task;
    private final int total;
    private final @Nullable ProgressBar bar;

    public CountProgress(PrintWriter err, String task, int total) {
        this.err = err;
        this.task = task;
        this.total = total;
        this.bar = System.getenv(TERMINAL) == null ? null : bar(task, total);
    }

    private static ProgressBar bar(String task, int total) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .showSpeed()
                .setSpeedUnit(ChronoUnit.SECONDS)
                .setUpdateIntervalMillis(200)
                .build();
    }

    /** {@code count} of the total are done; called with every number once, rising. */
    public void done(int count) {
        if (bar != null) {
            bar.stepTo(count);
        } else if (count * 10L / total != (count - 1) * 10L / total) {
            err.println(task + ": " + count + " of " + total);
            err.flush();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
