package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Texts;
import dev.stanstudio.web.study.store.JoinRefusedException;
import dev.stanstudio.web.study.store.VoteRefusedException;

/** Translates the store's refusals into answers to voters. */
final class Refusals {
    private Refusals() {}

    static PageException page(Texts texts, JoinRefusedException refusal) {
        return switch (refusal.reason()) {
            case FULL -> new PageException(410, texts.of("refusal.full"));
            case INVITATION_NEEDED -> new PageException(403, texts.of("refusal.invitation.needed"));
            case INVITATION_UNKNOWN ->
                    new PageException(403, texts.of("refusal.invitation.unknown"));
            case INVITATION_USED -> new PageException(410, texts.of("refusal.invitation.used"));
            case CONTENDED -> new PageException(503, texts.of("refusal.contended"));
        };
    }

    /** Returns the refusal of a vote that the voter's browser sends again by itself. */
    static PageException unsaved(Texts texts, VoteRefusedException refusal) {
        PageException page = new PageException(503, texts.of("refusal.unsaved"));
        page.initCause(refusal);
        return page;
    }

    /** Returns the refusal of whatever comes after the rater withdrew. */
    static PageException withdrawn(Texts texts) {
        return new PageException(410, texts.of("refusal.withdrawn"));
    }
}
