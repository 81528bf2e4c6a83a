package dev.stanstudio.web.study.store;

/**
 * Address, browser and time of arrival of a rater.
 *
 * @param address keyed hash of the network address; empty when none was kept
 * @param device keyed hash of what the browser said it is
 * @param joinedAt milliseconds since 1970
 * @param invited whether by a link for one use
 */
public record Origin(String address, String device, long joinedAt, boolean invited) {
    /** Nothing is known. */
    public static final Origin UNKNOWN = new Origin("", "", 0, false);
}
