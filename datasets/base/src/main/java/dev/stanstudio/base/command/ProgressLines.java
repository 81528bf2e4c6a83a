package dev.stanstudio.base.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Prints a line every few seconds about an import or export of pictures of unknown number. */
public final class ProgressLines {
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Progress progress;

    /** Creates lines on {@code err}; the rate counts from now. */
    public ProgressLines(PrintWriter err) {
        progress = new Progress(err);
    }

    /** Prints the counts and the rate if the last line is some seconds old. */
    public void at(long pictures, long skipped) {
        progress.line(
                PAUSE,
                () ->
                        String.format(
                                Locale.ROOT,
                                "%,d pictures, %,d skipped, %.1f per second",
                                pictures,
                                skipped,
                                progress.rate(pictures)));
    }
}
