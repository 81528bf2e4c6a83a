package dev.stanstudio.web.study.result;

/** The states of a study between its first vote and the reading of its result. */
public enum Ending {
    /** The study takes votes. */
    OPEN("This study takes votes."),
    /** The stopping rule is met; the author has not locked the study yet. */
    ENOUGH("This study has the votes it needs."),
    /** The author locked the study after its stopping rule was met. */
    LOCKED("This study has the votes it needs, and its author has closed it."),
    /** The author locked the study before its stopping rule was met. */
    EARLY("Its author closed this study early, before it had the votes that were planned.");

    private final String words;

    Ending(String words) {
        this.words = words;
    }

    /** Returns the ending of a study that is locked or not, and complete or not. */
    public static Ending of(boolean locked, boolean complete) {
        return locked ? (complete ? LOCKED : EARLY) : complete ? ENOUGH : OPEN;
    }

    /** Returns whether the study takes no votes. */
    public boolean closed() {
        return this != OPEN;
    }

    /** Returns the sentence that voters read about it. */
    public String words() {
        return words;
    }
}
