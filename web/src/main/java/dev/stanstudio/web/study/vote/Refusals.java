package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Texts;
import dev.stanstudio.web.study.store.JoinRefusedException;
import dev.stanstudio.web.study.store.Panel;
import dev.stanstudio.web.study.store.VoteRefusedException;

/** Translates the store's refusals into answers to voters. */
final class Refusals {
    private Refusals() {}

    /**
     * Returns the refusal of a join.
     *
     * @param back way back to the study's panel for those whom the study does not take any more
     */
    static PageException page(Texts texts, JoinRefusedException refusal, Panel.Way back) {
        return switch (refusal.reason()) {
            case FULL -> new PageException(410, full(texts, back));
            case INVITATION_NEEDED -> new PageException(403, texts.of("refusal.invitation.needed"));
            case INVITATION_UNKNOWN ->
                    new PageException(403, texts.of("refusal.invitation.unknown"));
            case INVITATION_USED -> new PageException(410, texts.of("refusal.invitation.used"));
            case PANEL_ID_NEEDED -> new PageException(403, texts.of("refusal.panel.needed"));
            case PANEL_ID_USED -> new PageException(409, texts.of("refusal.panel.used"));
            case CONTENDED -> new PageException(503, texts.of("refusal.contended"));
        };
    }

    private static String full(Texts texts, Panel.Way back) {
        String full = texts.of("refusal.full");
        if (!back.address().isEmpty()) {
            return texts.paragraph(full, texts.of("panel.return") + ": " + back.address());
        }
        return back.code().isEmpty()
                ? full
                : texts.paragraph(full, texts.of("panel.code") + " " + back.code());
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
