package dev.stanstudio.web.study.store;

import dev.stanstudio.base.UserException;
import org.jspecify.annotations.Nullable;

/** The refusal of a vote by {@link VoteWriter}. */
public final class VoteRefusedException extends UserException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** The cause of a refusal. */
    public enum Reason {
        /** The trial has another answer. */
        ANSWERED("the trial has another answer"),
        /** The study is locked. */
        LOCKED("the study is locked"),
        /** The rater's place went to another rater. */
        PLACE_LOST("the rater's place went to another rater"),
        /** The database did not take the vote; the same vote may be sent again. */
        NOT_SAVED("the vote could not be saved");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    /** Creates a refusal for {@code reason}. */
    public VoteRefusedException(Reason reason) {
        this(reason, null);
    }

    /** Creates a refusal for {@code reason} after {@code cause}, if one is known. */
    public VoteRefusedException(Reason reason, @Nullable Throwable cause) {
        super(reason.text);
        this.reason = reason;
        if (cause != null) {
            initCause(cause);
        }
    }

    /** Returns the cause of the refusal. */
    public Reason reason() {
        return reason;
    }
}
