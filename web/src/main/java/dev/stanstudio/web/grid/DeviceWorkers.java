package dev.stanstudio.web.grid;

import dev.stanstudio.base.Closing;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One worker for each device: each has a pipeline of its own and takes the next row that no other
 * has taken. After a failure no worker takes another row. Belongs to the thread that runs it.
 */
final class DeviceWorkers implements AutoCloseable {
    /** Draws a row of the grid. */
    @FunctionalInterface
    interface Row {
        /** Draws row {@code number} with {@code pipeline}, on the thread of its worker. */
        void draw(Sd3Pipeline pipeline, int number);
    }

    private final List<Sd3Pipeline> pipelines;

    /** Takes pipelines, at least one, which it then owns. */
    DeviceWorkers(List<Sd3Pipeline> pipelines) {
        this.pipelines = List.copyOf(pipelines);
    }

    /** Returns the first worker's pipeline, for what all have in common. */
    Sd3Pipeline first() {
        return pipelines.get(0);
    }

    /**
     * Draws all rows.
     *
     * @param notes takes a line that names the device of a failure, where there are several, from
     *     the thread of the worker that failed, one line at a time
     * @throws CancellationException if this thread is interrupted; rows that were begun are left
     */
    void run(int rows, Row row, Consumer<String> notes) {
        if (pipelines.size() == 1) {
            for (int i = 0; i < rows; i++) {
                row.draw(first(), i);
            }
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(pipelines.size());
        try {
            Rows left = new Rows(rows, row, notes);
            await(
                    IntStream.range(0, pipelines.size())
                            .<Future<?>>mapToObj(i -> threads.submit(() -> left.draw(i)))
                            .toList());
        } finally {
            threads.shutdownNow();
            awaitEnd(threads);
        }
    }

    /** The rows that all workers share: each takes the next one until a worker has failed. */
    private final class Rows {
        private final int count;
        private final Row row;
        private final Consumer<String> notes;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicBoolean failed = new AtomicBoolean();

        Rows(int count, Row row, Consumer<String> notes) {
            this.count = count;
            this.row = row;
            this.notes = notes;
        }

        void draw(int worker) {
            for (int i = next.getAndIncrement();
                    i < count && !failed.get();
                    i = next.getAndIncrement()) {
                try {
                    row.draw(pipelines.get(worker), i);
                } catch (RuntimeException | Error e) {
                    failed.set(true);
                    note(worker, e);
                    throw e;
                }
            }
        }

        /** Says at once who stopped: the others may draw their rows for minutes. */
        private synchronized void note(int worker, Throwable failure) {
            notes.accept(
                    "worker %d of %d (%s) stopped: %s"
                            .formatted(
                                    worker + 1,
                                    pipelines.size(),
                                    pipelines.get(worker).model().options().device(),
                                    failure.getMessage()));
        }
    }

    /** Waits for all workers, so that none draws any more when the first failure is thrown. */
    private static void await(List<Future<?>> running) {
        Throwable first = null;
        for (Future<?> worker : running) {
            Throwable failure = failure(worker);
            first = first == null ? failure : first;
        }
        if (first instanceof Error error) {
            throw error;
        }
        if (first instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static @Nullable Throwable failure(Future<?> worker) {
        try {
            worker.get();
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while workers drew");
        }
    }

    /** Waits although this thread may be interrupted: pipelines close after their threads. */
    private static void awaitEnd(ExecutorService threads) {
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                boolean unused = threads.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        Closing.all(pipelines);
    }
}
