package dev.stanstudio.web.home;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs the turns that the scheduling library hands out. A turn that cannot even be taken, as on a
 * full disk, ends its thread for the library, which tries again at once: here it is told in one
 * line, and its thread waits a second.
 */
public final class TurnThreads extends ThreadPoolExecutor {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Consumer<String> note;

    /**
     * Threads that begin when they are needed.
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
