package dev.stanstudio.web.picture;

import java.util.Locale;

/** Names the states of a requested picture. */
public enum PictureState {
    /** Waits for a worker. */
    QUEUED,
    /** Is being drawn. */
    RUNNING,
    /** Is stored in its file. */
    DONE,
    /** Could not be drawn; its remark says why. */
    FAILED,
    /** Was cancelled by a visitor. */
    CANCELLED;

    /** Returns the name in the database, in JSON and on pages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static PictureState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Returns whether it may be queued again. */
    public boolean retriable() {
        return this == FAILED || this == CANCELLED;
    }

    /** Returns whether it waits or is being drawn. */
    public boolean pending() {
        return this == QUEUED || this == RUNNING;
    }
}
