package dev.stanstudio.web.job;

import java.util.Locale;

/** The kinds of jobs. */
public enum JobKind {
    /** An adapter is trained. */
    TRAINING("Training"),
    /** Pictures are scored. */
    SCORING("Scoring"),
    /** An adapter's features are read. */
    ANALYSIS("Reading of features");

    private final String words;

    JobKind(String words) {
        this.words = words;
    }

    /** Returns the name for people. */
    public String words() {
        return words;
    }

    /** Returns whether the folder of such a job holds a name that others may want. */
    public boolean keepsFolder() {
        return this == TRAINING;
    }

    /** Returns the name in the database and on pages. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
