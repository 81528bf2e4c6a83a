package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.study.store.Rater;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Limits the making of views, each of which takes megabytes and milliseconds: a few are made at a
 * time, in the order of the requests, and one rater may request as many at once as a page shows.
 * Many raters who begin together wait; none of them is refused. Thread-safe.
 */
final class ViewLimit {
    /** A trial's pictures, the next one's, and those of the style. */
    private static final int PER_RATER = 24;

    private static final int MOST_MADE = 4;
    private static final long BYTES_OF_ONE = 64L << 20;
    private static final long WAIT_SECONDS = 20;

    private final Semaphore turns = new Semaphore(atOnce(), true);
    private final Map<String, Integer> wanted = new HashMap<>();
    private int all;

    private static int atOnce() {
        Runtime runtime = Runtime.getRuntime();
        long bearable = Math.min(runtime.availableProcessors(), runtime.maxMemory() / BYTES_OF_ONE);
        return (int) Math.max(1, Math.min(MOST_MADE, bearable));
    }

    /**
     * Runs {@code making} and returns its result.
     *
     * @throws PageException with status 429 when the rater wants too many at once, 503 when it
     *     takes too long
     */
    byte[] make(Rater rater, Supplier<byte[]> making) {
        enter(rater);
        try {
            if (!turns.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw busy();
            }
            try {
                return making.get();
            } finally {
                turns.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        } finally {
            leave(rater);
        }
    }

    /** Counts the views that are being made or waited for. */
    synchronized int wanted() {
        return all;
    }

    private synchronized void enter(Rater rater) {
        int own = wanted.getOrDefault(rater.id(), 0);
        if (own >= PER_RATER) {
            throw new PageException(429, "too many pictures at once; reload the page");
        }
        wanted.put(rater.id(), own + 1);
        all++;
    }

    private synchronized void leave(Rater rater) {
        wanted.computeIfPresent(rater.id(), (id, own) -> own > 1 ? own - 1 : null);
        all--;
    }

    private static PageException busy() {
        return new PageException(503, "many pictures are asked for at the moment; reload the page");
    }
}
