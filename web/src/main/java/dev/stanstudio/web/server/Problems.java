package dev.stanstudio.web.server;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures of the server: a line each, with an id that the visitor was shown, and the stack
 * trace where {@code --verbose} asked for it. More than 20 lines a minute are counted instead of
 * logged. Thread-safe.
 */
public final class Problems {
    private static final int MOST_LINES = 20;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int LONGEST = 500;
    private static final int ID_BYTES = 6;

    private static final Problems SHARED = new Problems(LoggerFactory.getLogger("studio"));

    private final Logger log;
    private volatile boolean verbose;
    private long window = System.nanoTime();
    private int lines;
    private int left;
    private String noted = "";
    private long notedAt;

    Problems(Logger log) {
        this.log = log;
    }

    /** Returns the log of this process. */
    public static Problems shared() {
        return SHARED;
    }

    /** Shows stack traces from now on, or no longer. */
    void verbose(boolean shown) {
        verbose = shown;
    }

    /**
     * Logs an unexpected failure.
     *
     * @param action the action that failed
     * @return the id to show to the visitor
     */
    public String report(String action, Throwable thrown) {
        String id = Signer.randomText(ID_BYTES);
        if (admitted()) {
            log.error(
                    line("%s failed (%s): %s".formatted(action, id, thrown)),
                    verbose ? thrown : null);
        }
        return id;
    }

    /** Logs a condition that passes without help; the same text is logged once a minute. */
    public void note(String text) {
        if (isNew(text) && admitted()) {
            log.warn(line(text));
        }
    }

    private synchronized boolean isNew(String text) {
        long now = System.nanoTime();
        if (text.equals(noted) && now - notedAt < WINDOW.toNanos()) {
            return false;
        }
        noted = text;
        notedAt = now;
        return true;
    }

    private static String line(String text) {
        String plain = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
    }

    /** Returns whether one more line may be logged in this minute. */
    private synchronized boolean admitted() {
        long now = System.nanoTime();
        if (now - window > WINDOW.toNanos()) {
            if (left > 0) {
                log.warn("{} more lines like these were left out", left);
            }
            window = now;
            lines = 0;
            left = 0;
        }
        if (lines >= MOST_LINES) {
            left++;
            return false;
        }
        lines++;
        return true;
    }
}
