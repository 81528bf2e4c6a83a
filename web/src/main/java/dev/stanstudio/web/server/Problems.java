package dev.stanstudio.web.server;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * Tells on standard error what went wrong: a line each, with a number that the visitor was shown,
 * and the stack trace where one was asked for. So many lines a minute, then only how many were left
 * out. Thread-safe.
 */
public final class Problems {
    private static final int MOST_LINES = 20;
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int LONGEST = 500;
    private static final int NUMBER_BYTES = 6;

    private static final Problems SHARED = new Problems(System.err);

    private final PrintStream out;
    private volatile boolean verbose;
    private long window = System.nanoTime();
    private int lines;
    private int left;
    private String noted = "";
    private long notedAt;

    Problems(PrintStream out) {
        this.out = out;
    }

    /** Those of this process. */
    public static Problems shared() {
        return SHARED;
    }

    /** Shows stack traces from now on, or no longer. */
    void verbose(boolean shown) {
        verbose = shown;
    }

    /**
     * Tells of a defect.
     *
     * @param what was being done
     * @return the number to show to the visitor
     */
    public String tell(String what, Throwable thrown) {
        String number = Signer.randomText(NUMBER_BYTES);
        print(line(what + " failed (" + number + "): " + thrown), thrown);
        return number;
    }

    /** Tells of something that mends itself; the same is said once a minute. */
    public void note(String what) {
        synchronized (this) {
            boolean again = what.equals(noted) && System.nanoTime() - notedAt < WINDOW_NANOS;
            if (again) {
                return;
            }
            noted = what;
            notedAt = System.nanoTime();
        }
        print(line(what), null);
    }

    private static String line(String text) {
        String plain = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return "studio: " + (plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain);
    }

    private synchronized void print(
            String line, @org.jspecify.annotations.Nullable Throwable thrown) {
        long now = System.nanoTime();
        if (now - window > WINDOW_NANOS) {
            if (left > 0) {
                out.println("studio: " + left + " more lines like these were left out");
            }
            window = now;
            lines = 0;
            left = 0;
        }
        if (lines >= MOST_LINES) {
            left++;
            return;
        }
        lines++;
        out.println(line);
        if (verbose && thrown != null) {
            thrown.printStackTrace(out);
        }
    }
}
