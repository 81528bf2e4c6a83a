package dev.stanstudio.web.study.result;

/** The votes that bring a study nearer to the number at which it ends. */
public enum Counting {
    /** Those of raters who, at that moment, pass every rule about their own answers. */
    PASSING,
    /**
     * Those of every rater, as in reports that were frozen before {@link #PASSING} was the rule.
     */
    EVERYBODY
}
