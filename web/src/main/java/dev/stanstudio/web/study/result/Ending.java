package dev.stanstudio.web.study.result;

/** The states of a study between its first vote and the reading of its result. */
public enum Ending {
    /** The study takes votes. */
    OPEN,
    /** The stopping rule is met; the author has not locked the study yet. */
    ENOUGH,
    /** The author locked the study after its stopping rule was met. */
    LOCKED,
    /** The author locked the study before its stopping rule was met. */
    EARLY;

    /** Returns the ending of a study that is locked or not, and complete or not. */
    public static Ending of(boolean locked, boolean complete) {
        return locked ? (complete ? LOCKED : EARLY) : complete ? ENOUGH : OPEN;
    }
}
