package dev.stanstudio.web.job;

import java.util.Locale;

/** What has become of a job. */
public enum JobState {
    /** Waits for its turn. */
    QUEUED,
    /** Is being done. */
    RUNNING,
    /** Has ended well. */
    DONE,
    /** Has ended otherwise; what it said last is why. */
    FAILED,
    /** Was stopped by somebody; it can go on. */
    CANCELLED;

    /** The name in the database and on pages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static JobState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Whether something is still to come. */
    public boolean pending() {
        return this == QUEUED || this == RUNNING;
    }
}
