package dev.stanstudio.base;

/**
 * Runs work that an interruption must not cut short, such as the saving that a request to stop asks
 * for. File channels close themselves where the thread's interrupt flag is set, so the flag is
 * cleared while the work runs and set again afterwards. Thread-safe.
 */
public final class Uninterrupted {
    private Uninterrupted() {}

    /** Work that may fail with an {@code X}. */
    @FunctionalInterface
    public interface Work<X extends Exception> {
        /** Runs the work. */
        void run() throws X;
    }

    /** Runs {@code work} without the flag; an interruption before or during it stays visible. */
    public static <X extends Exception> void run(Work<X> work) throws X {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
