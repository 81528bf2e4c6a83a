package dev.stanstudio.web.study.store;

import dev.stanstudio.base.UserException;

/** The refusal of a study to admit a rater. */
public final class JoinRefusedException extends UserException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** The cause of a refusal. */
    public enum Reason {
        /** Every row of the plan has a rater. */
        FULL("the study has a rater for every row of its plan"),
        /** The study's own link admits nobody. */
        INVITATION_NEEDED("the study admits raters by invitation only"),
        /** The invitation is not one of this study. */
        INVITATION_UNKNOWN("the study has no such invitation"),
        /** The invitation has admitted somebody. */
        INVITATION_USED("the invitation was used before"),
        /** The link carries no id of the panel, which the study needs. */
        PANEL_ID_NEEDED("the study admits people of its panel only"),
        /** Somebody with this id of the panel takes part or did. */
        PANEL_ID_USED("the panel's id took part before"),
        /** Other raters took the row at every attempt. */
        CONTENDED("other raters took every row that was tried");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    /** Creates a refusal for {@code reason}. */
    public JoinRefusedException(Reason reason) {
        super(reason.text);
        this.reason = reason;
    }

    /** Returns the cause of the refusal. */
    public Reason reason() {
        return reason;
    }
}
