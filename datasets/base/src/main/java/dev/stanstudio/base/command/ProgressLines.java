package dev.stanstudio.base.command;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;

/** A line every few seconds about how far a long import is. For one thread. */
public final class ProgressLines {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter err;
    private final long start = System.nanoTime();
    private long last = start;

    public ProgressLines(PrintWriter err) {
        this.err = err;
    }

    public void at(long pictures, long skipped) {
        long now = System.nanoTime();
        if (now - last < PAUSE_NANOS) {
            return;
        }
        last = now;
        double rate = pictures * NANOS_PER_SECOND / (now - start);
        err.printf("%,d pictures, %,d skipped, %.1f per second%n", pictures, skipped, rate);
        err.flush();
    }
}
