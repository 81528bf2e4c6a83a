package dev.stanstudio.web.home;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Keeps work that has begun going while the database is away for a moment. */
public final class Outage {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private Outage() {}

    /**
     * Returns what {@code question} answers, or {@code otherwise} while the database is away.
     *
     * @throws RuntimeException what {@code question} throws for any other reason
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

    /** Does {@code work} unless the database is away; returns whether it was done. */
    public static boolean done(Runnable work) {
        return answer(
                () -> {
                    work.run();
                    return true;
                },
                false);
    }

    /**
     * Does {@code work} when the database is back; it has to be the same when it is done twice.
     *
     * @param closing whether nobody can wait any longer
     * @throws CancellationException if it was not done because of {@code closing}
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
