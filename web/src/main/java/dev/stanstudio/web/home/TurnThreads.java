package dev.stanstudio.web.home;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs the scheduler's turns. If a turn cannot even be claimed, as on a full disk, the scheduler
 * tries again at once; these threads log that in one line and wait a second first.
 */
public final class TurnThreads extends ThreadPoolExecutor {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Longer than any clock is set back by. */
    private static final Duration PAST = Duration.ofDays(3_650);

    private final Consumer<String> note;

    /**
     * Creates threads on demand.
     *
     * @param note takes a line about what failed
     */
    public TurnThreads(int threads, Consumer<String> note) {
        super(
                threads,
                threads,
                0,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                TurnThreads::thread);
        this.note = note;
    }

    /**
     * Returns the time of a turn that is due at once. It lies years back, so that the turn stays
     * due when the clock is set back; turns keep their order.
     */
    public static Instant due(Clock clock) {
        return clock.instant().minus(PAST);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "studio-turns");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable turn) {
        super.execute(() -> patiently(turn));
    }

    private void patiently(Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException e) {
            note.accept(
                    Database.away(e)
                            ? "the database is away or full; what waits goes on when it is back"
                            : "a turn of the queue failed: " + e);
            try {
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
