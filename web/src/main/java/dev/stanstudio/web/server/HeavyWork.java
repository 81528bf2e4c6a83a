package dev.stanstudio.web.server;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets only a few requests at a time do what takes much memory. Thread-safe. */
public final class HeavyWork {
    private static final int AT_ONCE = 2;
    private static final long WAIT_SECONDS = 10;

    private final Semaphore places = new Semaphore(AT_ONCE);

    /**
     * Runs {@code work} and returns its result.
     *
     * @throws PageException with status 503 if others are at it for too long
     */
    public <T> T run(Supplier<T> work) {
        try {
            if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new PageException(503, "the studio is busy with other pictures; try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PageException(503, "the studio is closing; try again later");
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }
}
