package dev.stanstudio.web.home;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Repeats or skips accesses of the database while it is away for a moment. */
public final class Outage {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private Outage() {}

    /**
     * Returns the result of {@code question}, or {@code otherwise} while the database is away.
     *
     * @throws RuntimeException if {@code question} fails for any other reason
     */
    public static <T> T answer(Supplier<T> question, T otherwise) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            if (Database.away(e)) {
                return otherwise;
            }
            throw e;
        }
    }

    /** Runs {@code work} unless the database is away; returns whether it succeeded. */
    public static boolean done(Runnable work) {
        return answer(
                () -> {
                    work.run();
                    return true;
                },
                false);
    }

    /**
     * Repeats {@code work} until the database is back; it must be safe to run twice.
     *
     * @param closing whether nobody can wait any longer
     * @throws CancellationException if {@code closing} ended the repetition
     */
    public static void outlast(Runnable work, BooleanSupplier closing) {
        while (!done(work)) {
            if (closing.getAsBoolean() || Thread.currentThread().isInterrupted()) {
                throw new CancellationException("the database is away");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
