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

    /** Returns the refusal of a vote that the voter's browser sends again by itself. */
    static PageException unsaved(VoteRefusedException refusal) {
        PageException page =
                new PageException(503, "the vote could not be saved; it is tried again");
        page.initCause(refusal);
        return page;
    }
}
