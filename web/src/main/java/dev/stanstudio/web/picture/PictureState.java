package dev.stanstudio.web.picture;

import java.util.Locale;

/** What has become of a picture that was asked for. */
public enum PictureState {
    /** Waits for a worker. */
    QUEUED,
    /** Is being drawn. */
    RUNNING,
    /** Lies in its file. */
    DONE,
    /** Could not be drawn; its remark says why. */
    FAILED,
    /** Was stopped by somebody. */
    CANCELLED;

    /** The name in the database, in JSON and on pages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static PictureState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Whether it may be asked for again. */
    public boolean retriable() {
        return this == FAILED || this == CANCELLED;
    }

    /** Whether something is still to come. */
    public boolean pending() {
        return this == QUEUED || this == RUNNING;
    }
}
