package dev.stanstudio.web.queue;

import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.web.home.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A picture being drawn: publishes its progress and cancels it on request. */
final class RunningPicture implements GenerationListener {
    /** The pause between accesses of the database, by which other machines see and stop it. */
    private static final Duration DATABASE_PAUSE = Duration.ofSeconds(1);

    private final String id;
    private final PictureQueue queue;
    private final PictureListener listener;
    private final BooleanSupplier closing;
    private final List<String> warnings = new ArrayList<>();
    private volatile boolean cancelled;

    /** By the monotonic clock: the time of day may be set back. */
    private long written;

    private long read;

    RunningPicture(
            String id, PictureQueue queue, PictureListener listener, BooleanSupplier closing) {
        this.id = id;
        this.queue = queue;
        this.listener = listener;
        this.closing = closing;
        this.read = System.nanoTime();
        this.written = read - DATABASE_PAUSE.toNanos();
    }

    /** Requests the end of the drawing, from any thread. */
    void cancel() {
        cancelled = true;
    }

    /** Returns whether a visitor cancelled this picture, here or on another machine. */
    boolean isUnwanted() {
        readCancellation();
        return cancelled;
    }

    /** Reads from the database at most once a second, on whichever thread calls. */
    private synchronized void readCancellation() {
        long now = System.nanoTime();
        if (now - read >= DATABASE_PAUSE.toNanos()) {
            read = now;
            cancelled |= Outage.answer(() -> queue.stopping(id), false);
        }
    }

    String remark() {
        return String.join("; ", warnings);
    }

    @Override
    public void onStep(Step step) {
        long now = System.nanoTime();
        if (now - written >= DATABASE_PAUSE.toNanos()) {
            written = now;
            // An outage of the database must not end the drawing.
            boolean unused = Outage.done(() -> queue.progress(id, step.call(), step.calls()));
        }
        listener.stepped(id, step.call(), step.calls(), step.preview());
    }

    @Override
    public void onWarning(String message) {
        warnings.add(message);
    }

    @Override
    public boolean isCancelled() {
        readCancellation();
        return cancelled || closing.getAsBoolean() || Thread.currentThread().isInterrupted();
    }
}
