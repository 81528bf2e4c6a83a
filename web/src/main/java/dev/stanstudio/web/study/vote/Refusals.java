package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.study.store.JoinRefusedException;
import dev.stanstudio.web.study.store.VoteRefusedException;

/** Translates the store's refusals into answers to voters. */
final class Refusals {
    private Refusals() {}

    static PageException page(JoinRefusedException refusal) {
        return switch (refusal.reason()) {
            case FULL ->
                    new PageException(
                            410, "this study has all the voters it planned for; thank you");
            case INVITATION_NEEDED ->
                    new PageException(
                            403, "this study is by invitation; open the link that you were given");
            case INVITATION_UNKNOWN ->
                    new PageException(
                            403,
                            """
                            this invitation is none of this study; check that it was copied \
                            whole\
                            """);
            case INVITATION_USED ->
                    new PageException(
                            410,
                            """
                            this invitation was used already: it admits one person. If that was \
                            you, go on in the browser where you began\
                            """);
            case CONTENDED ->
                    new PageException(503, "too many people are joining at once; try again");
        };
    }

    static PageException page(VoteRefusedException refusal) {
        PageException page =
                switch (refusal.reason()) {
                    case ANSWERED ->
                            new PageException(
                                    409,
                                    """
                                    this comparison has your answer already; reload the page to \
                                    go on\
                                    """);
                    case LOCKED ->
                            new PageException(
                                    410, "this study is closed, so the vote was not counted");
                    case PLACE_LOST ->
                            new PageException(
                                    409,
                                    """
                                    no answer came for a while, so your place went to somebody \
                                    else; reload the page to get another\
                                    """);
                    case NOT_SAVED ->
                            new PageException(
                                    503, "the vote could not be saved; it is tried again");
                };
        page.initCause(refusal);
        return page;
    }

    /** Returns the refusal of whatever comes after the end of a study. */
    static PageException closed() {
        return new PageException(
                410,
                """
                this study is closed: it has all the votes it needs, so nothing is added or taken \
                back any more. What you answered before is saved; thank you\
                """);
    }
}
