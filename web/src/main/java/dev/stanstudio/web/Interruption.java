package dev.stanstudio.web;

import dev.stanstudio.base.command.StudioCommand;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C (and a polite kill) as a request to stop: the command's thread is interrupted and may tidy
 * up for {@link StudioCommand#GRACE_MILLIS}; then the process ends with the signal's own code, 130
 * for Ctrl-C. Thread-safe.
 */
final class Interruption {
    private final Thread worker;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;

    /** A request will interrupt {@code worker}. */
    Interruption(Thread worker) {
        this.worker = worker;
    }

    /** From now on a signal becomes a request, told on {@code err}. */
    void install(PrintWriter err) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> request(err), "studio-interruption"));
    }

    boolean requested() {
        return requested;
    }

    /** The command has ended; a later end of the process is no interruption. */
    void finished() {
        finished.countDown();
    }

    /** Interrupts the command unless it has ended, and waits until it does or its time is up. */
    void request(PrintWriter err) {
        if (finished.getCount() == 0) {
            return;
        }
        requested = true;
        err.println(RootCommand.NAME + ": interrupted");
        err.flush();
        worker.interrupt();
        try {
            finished.await(StudioCommand.GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
