package dev.stanstudio.web.study.store;

import java.time.Instant;

/**
 * Address, browser and time of arrival of a rater.
 *
 * @param address keyed hash of the network address; empty if none was stored
 * @param device keyed hash of the browser's user agent
 * @param joinedAt time of arrival
 * @param invited whether the rater joined by a link for one use
 */
public record Origin(String address, String device, Instant joinedAt, boolean invited) {
    /** The origin of a rater about whom nothing is stored. */
    public static final Origin UNKNOWN = new Origin("", "", Instant.EPOCH, false);
}
