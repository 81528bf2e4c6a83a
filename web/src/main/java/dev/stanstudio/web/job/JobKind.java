package dev.stanstudio.web.job;

import java.util.Locale;

/** The kinds of jobs. */
public enum JobKind {
    /** An adapter is trained. */
    TRAINING,
    /** Pictures are scored. */
    SCORING,
    /** An adapter's features are read. */
    ANALYSIS;

    /** Returns the name in the database and on pages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
