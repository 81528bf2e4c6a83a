package dev.stanstudio.web.study.store;

/** States of a rater's right to have all answers deleted. */
public enum Withdrawal {
    /** The answers are stored, and the study is open. */
    POSSIBLE,
    /** The answers are deleted. */
    DONE,
    /** The answers are part of a locked study's result. */
    CLOSED,
    /** Nothing is stored about the rater. */
    UNKNOWN
}
