package dev.stanstudio.web.queue;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Runs a drawing on a thread of its own, so that a worker need not wait for one that hangs. A
 * drawing that does not stop on request is abandoned; it cannot change its picture any more.
 */
final class WorkerThread {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final BooleanSupplier unwanted;
    private final BooleanSupplier closing;

    /**
     * @param unwanted whether a visitor cancelled the picture
     * @param closing whether the process is about to end
     */
    WorkerThread(BooleanSupplier unwanted, BooleanSupplier closing) {
        this.unwanted = unwanted;
        this.closing = closing;
    }

    /** A drawing does not stop on request. */
    static final class HangsException extends RuntimeException {
        private static final long serialVersionUID = 1;

        HangsException() {
            super("the drawing does not stop");
        }
    }

    /**
     * Runs {@code drawing} and returns its result or throws its exception.
     *
     * @throws HangsException if it was abandoned
     */
    String run(Supplier<String> drawing) {
        FutureTask<String> task = new FutureTask<>(drawing::get);
        Thread thread = new Thread(task, "studio-drawing");
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        long asked = 0;
        try {
            while (true) {
                try {
                    return task.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                    thread.interrupt();
                } catch (TimeoutException e) {
                    // handled below
                }
                if (interrupted || closing.getAsBoolean() || unwanted.getAsBoolean()) {
                    asked = asked == 0 ? System.nanoTime() : asked;
                    if (System.nanoTime() - asked > PATIENCE.toNanos()) {
                        throw new HangsException();
                    }
                }
            }
        } catch (ExecutionException e) {
            throw thrown(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException thrown(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException runtime
                ? runtime
                : new CancellationException(String.valueOf(cause));
    }
}
