package dev.stanstudio.web.job;

import java.util.Locale;

/** The states of a job. */
public enum JobState {
    /** Waits for its turn. */
    QUEUED,
    /** Runs. */
    RUNNING,
    /** Succeeded. */
    DONE,
    /** Failed; the last line of its log is the reason. */
    FAILED,
    /** Was stopped by a visitor; it can be resumed. */
    CANCELLED;

    /** Returns the name in the database and on pages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static JobState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Returns whether it has not ended. */
    public boolean pending() {
        return this == QUEUED || this == RUNNING;
    }
}
