package dev.stanstudio.base.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Writes the progress of a command to standard error: a bar on a terminal, lines elsewhere, and
 * {@link ProgressLine}s where a parent process asks for them. Thread-safe.
 */
public final class Progress implements AutoCloseable {
    /** The launcher sets it when standard error is a terminal, which Java cannot find out. */
    public static final String TERMINAL = "STUDIO_TERMINAL";

    private static final Duration MACHINE_PAUSE = Duration.ofSeconds(1);
    private static final int BAR_MILLIS = 200;
    private static final int TENTHS = 10;
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter err;
    private final boolean barred;
    private final boolean machine;
    private final LongSupplier nanos;
    private @Nullable ProgressBar bar;
    private @Nullable Long lastMachineLine;
    private boolean endUnsaid;
    private String task = "";
    private long total;
    private long begun;
    private long lastLine;

    /** Creates progress on {@code err}; {@link #begin} must follow. */
    public Progress(PrintWriter err) {
        this(err, System.getenv(), System::nanoTime);
    }

    Progress(PrintWriter err, Map<String, String> environment, LongSupplier nanos) {
        this.err = err;
        this.machine = ProgressLine.LINES.equals(environment.get(ProgressLine.VARIABLE));
        this.barred = environment.containsKey(TERMINAL) && !machine;
        this.nanos = nanos;
        begun = nanos.getAsLong();
        lastLine = begun;
    }

    /**
     * Begins a task of {@code units}; a task before it ends.
     *
     * @param units all units, or 0 where their number is unknown
     */
    public synchronized void begin(String name, long units) {
        endBar();
        endUnsaid = false;
        task = name;
        total = units;
        begun = nanos.getAsLong();
        lastLine = begun;
        if (barred) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(name)
                            .setInitialMax(units)
                            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                            .showSpeed()
                            .setSpeedUnit(ChronoUnit.SECONDS)
                            .setUpdateIntervalMillis(BAR_MILLIS)
                            .build();
        }
    }

    /** Names the phase of the command that begins, where a parent process asks for it. */
    public synchronized void phase(String name) {
        if (machine) {
            print(PhaseLine.of(name));
        }
    }

    /** Shows that {@code count} units of the task are done. */
    public synchronized void done(long count) {
        if (bar != null) {
            bar.stepTo(count);
        }
        if (!machine || total < 1 || count < 0 || count > total) {
            return;
        }
        long now = nanos.getAsLong();
        boolean due = lastMachineLine == null || now - lastMachineLine >= MACHINE_PAUSE.toNanos();
        if (due) {
            lastMachineLine = now;
            print(ProgressLine.of(count, total));
        }
        endUnsaid = !due && count == total;
    }

    /**
     * As {@link #done}, with a line for every tenth of the task where there is no bar; called with
     * every number once, rising.
     */
    public synchronized void doneInTenths(long count) {
        done(count);
        if (count * TENTHS / total != (count - 1) * TENTHS / total) {
            line("%s: %d of %d".formatted(task, count, total));
        }
    }

    /** Prints {@code text} as a line where there is no bar. */
    public synchronized void line(String text) {
        if (bar == null) {
            lastLine = nanos.getAsLong();
            print(text);
        }
    }

    /** Prints a line as {@link #line}, unless the last one is younger than {@code pause}. */
    public synchronized void line(Duration pause, Supplier<String> text) {
        if (nanos.getAsLong() - lastLine >= pause.toNanos()) {
            line(text.get());
        }
    }

    /** Returns the units per second of the task after {@code count} of them. */
    public synchronized double rate(long count) {
        return count * NANOS_PER_SECOND / Math.max(1, nanos.getAsLong() - begun);
    }

    /** Returns the time that {@code units} take at {@code rate} per second: {@code 1:02:03}. */
    public static String duration(long units, double rate) {
        Duration left = Duration.ofSeconds(Math.round(units / Math.max(rate, 1e-9)));
        return String.format(
                Locale.ROOT,
                "%d:%02d:%02d",
                left.toHours(),
                left.toMinutesPart(),
                left.toSecondsPart());
    }

    private void print(String text) {
        err.println(text);
        err.flush();
    }

    /** Ends the task and its bar; programs are told of its end, however soon it came. */
    @Override
    public synchronized void close() {
        endBar();
        if (endUnsaid) {
            endUnsaid = false;
            print(ProgressLine.of(total, total));
        }
    }

    private void endBar() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
