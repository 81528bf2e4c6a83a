package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;

/**
 * The right to answer one trial, signed by the study for one rater: what was not shown cannot be
 * voted on, and when it was shown cannot be forged.
 *
 * @param shown when it was shown
 */
record Ticket(int position, int revision, Moment shown) {
    private static final int PARTS = 5;
    private static final int PARTS_BEFORE = 3;

    /** The text to put into the page. */
    String sign(Study study, Rater rater) {
        return signer(study, rater)
                .sign(
                        "%d.%d.%d.%d.%s"
                                .formatted(
                                        position,
                                        revision,
                                        shown.millis(),
                                        shown.ticks(),
                                        shown.process()));
    }

    /** Reads what {@link #sign} made, in this version or the one before, and nothing else. */
    static Ticket open(Study study, Rater rater, String signed) {
        String text = signed.length() > 200 ? null : signer(study, rater).open(signed);
        if (text == null) {
            throw new PageException(
                    403, "this vote does not belong to what you were shown; reload the page");
        }
        String[] parts = text.split("\\.", PARTS);
        boolean before = parts.length == PARTS_BEFORE;
        return new Ticket(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                new Moment(
                        Long.parseLong(parts[2]),
                        before ? 0 : Long.parseLong(parts[3]),
                        before ? "" : parts[4]));
    }

    private static Signer signer(Study study, Rater rater) {
        return new Signer(study.secret() + rater.id());
    }
}
