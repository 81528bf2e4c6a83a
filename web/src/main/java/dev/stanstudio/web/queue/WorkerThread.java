package dev.stanstudio.web.queue;

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
 * drawing that was asked to stop and does not is left to itself; it can change nothing any more
 * once its picture is given up.
 */
final class WorkerThread {
    private static final long LOOK_MILLIS = 250;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final BooleanSupplier unwanted;
    private final BooleanSupplier closing;

    /**
     * @param unwanted whether somebody asked for the picture's end
     * @param closing whether the process is about to end
     */
    WorkerThread(BooleanSupplier unwanted, BooleanSupplier closing) {
        this.unwanted = unwanted;
        this.closing = closing;
    }

    /** A drawing went on though it was asked to stop. */
    static final class HangsException extends RuntimeException {
        private static final long serialVersionUID = 1;

        HangsException() {
            super("the drawing does not stop");
        }
    }

    /**
     * Runs {@code drawing} and returns or throws what it does.
     *
     * @throws HangsException if it was left to itself
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
                    return task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                    thread.interrupt();
                } catch (TimeoutException e) {
                    // looked at below
                }
                if (interrupted || closing.getAsBoolean() || unwanted.getAsBoolean()) {
                    asked = asked == 0 ? System.nanoTime() : asked;
                    if (System.nanoTime() - asked > PATIENCE_NANOS) {
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
