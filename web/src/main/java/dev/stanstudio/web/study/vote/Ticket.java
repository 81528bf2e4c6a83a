package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.server.Texts;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import java.time.Duration;
import java.time.Instant;

/**
 * The right of one rater to answer one trial, signed with the study's key: nobody can vote on a
 * trial that was not shown, or forge the time at which it was shown.
 *
 * @param position index of the rater's trial, from 0
 * @param revision number of earlier rows of this trial
 * @param shown when the trial was shown
 */
record Ticket(int position, int revision, Moment shown) {
    private static final int PARTS = 5;
    private static final int PARTS_WITHOUT_TICKS = 3;
    private static final int MAX_LENGTH = 200;

    /** Returns the signed text of the page's form. */
    String sign(Study study, Rater rater) {
        return signer(study, rater)
                .sign(
                        "%d.%d.%d.%d.%s"
                                .formatted(
                                        position,
                                        revision,
                                        shown.time().toEpochMilli(),
                                        shown.ticks().toMillis(),
                                        shown.process()));
    }

    /**
     * Reads a text that {@link #sign} made in this version or the one before, which had no ticks.
     *
     * @param texts of the refusal
     * @throws PageException if the text is any other
     */
    static Ticket open(Study study, Rater rater, String signed, Texts texts) {
        String text = signed.length() > MAX_LENGTH ? null : signer(study, rater).open(signed);
        if (text == null) {
            throw new PageException(403, texts.of("refusal.ticket"));
        }
        String[] parts = text.split("\\.", PARTS);
        boolean ticks = parts.length != PARTS_WITHOUT_TICKS;
        return new Ticket(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                new Moment(
                        Instant.ofEpochMilli(Long.parseLong(parts[2])),
                        ticks ? Duration.ofMillis(Long.parseLong(parts[3])) : Duration.ZERO,
                        ticks ? parts[4] : ""));
    }

    private static Signer signer(Study study, Rater rater) {
        return new Signer(study.secret() + rater.id());
    }
}
