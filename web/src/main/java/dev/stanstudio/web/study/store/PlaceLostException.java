package dev.stanstudio.web.study.store;

import dev.stanstudio.web.server.PageException;

/** A vote of a rater whose place went to another meanwhile. */
public final class PlaceLostException extends PageException {
    /** Tells the rater. */
    public PlaceLostException() {
        super(
                409,
                "no answer came for a while, so your place went to somebody else; reload the page"
                        + " to get another");
    }
}
