package dev.stanstudio.web.queue;

import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.web.home.Outage;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Watches one picture being drawn: tells how far it is, and stops it when asked to. */
final class RunningPicture implements GenerationListener {
    /** How often the database is told and asked, so that other machines see and can stop it. */
    private static final long DATABASE_MILLIS = 1_000;

    private final String id;
    private final PictureQueue queue;
    private final PictureListener watch;
    private final Clock clock;
    private final BooleanSupplier closing;
    private final List<String> warnings = new ArrayList<>();
    private volatile boolean cancelled;
    private long told;
    private long asked;

    RunningPicture(
            String id,
            PictureQueue queue,
            PictureListener watch,
            Clock clock,
            BooleanSupplier closing) {
        this.id = id;
        this.queue = queue;
        this.watch = watch;
        this.clock = clock;
        this.closing = closing;
        this.asked = clock.millis();
    }

    /** Asks the drawing to stop; may be called from any thread. */
    void cancel() {
        cancelled = true;
    }

    /** Whether it was stopped because somebody asked for this picture's end. */
    boolean isUnwanted() {
        ask();
        return cancelled;
    }

    /** Asks the database now and then, on whichever thread comes first. */
    private synchronized void ask() {
        long now = clock.millis();
        if (now - asked >= DATABASE_MILLIS) {
            asked = now;
            cancelled |= Outage.answer(() -> queue.stopping(id), false);
        }
    }

    String remark() {
        return String.join("; ", warnings);
    }

    @Override
    public void onStep(Step step) {
        long now = clock.millis();
        if (now - told >= DATABASE_MILLIS) {
            told = now;
            // A number that cannot be written is no reason to draw the picture again.
            boolean unused = Outage.done(() -> queue.progress(id, step.call(), step.calls()));
        }
        watch.stepped(id, step.call(), step.calls(), step.preview());
    }

    @Override
    public void onWarning(String message) {
        warnings.add(message);
    }

    @Override
    public boolean isCancelled() {
        ask();
        return cancelled || closing.getAsBoolean() || Thread.currentThread().isInterrupted();
    }
}
