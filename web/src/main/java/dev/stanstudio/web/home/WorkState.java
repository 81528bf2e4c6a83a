package dev.stanstudio.web.home;

import java.util.Locale;

/** Names the states of work that waits in the database for its turn: of a picture, of a job. */
public enum WorkState {
    /** Waits for its turn. */
    QUEUED,
    /** Is being done. */
    RUNNING,
    /** Succeeded. */
    DONE,
    /** Failed; its last words say why. */
    FAILED,
    /** Was cancelled by a visitor. */
    CANCELLED;

    /** Returns the name in the database, in JSON and on pages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether it waits or is being done. */
    public boolean isOpen() {
        return this == QUEUED || this == RUNNING;
    }

    /** Returns whether it waits for its turn. */
    public boolean isQueued() {
        return this == QUEUED;
    }

    /** Returns whether it is being done. */
    public boolean isRunning() {
        return this == RUNNING;
    }

    /** Returns whether it succeeded. */
    public boolean isDone() {
        return this == DONE;
    }

    /** Returns whether it failed. */
    public boolean isFailed() {
        return this == FAILED;
    }

    /** Returns whether a visitor cancelled it. */
    public boolean isCancelled() {
        return this == CANCELLED;
    }

    /** Returns whether it may be queued again. */
    public boolean isRetriable() {
        return isFailed() || isCancelled();
    }
}
