package dev.stanstudio.web.server;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows the guessing of passwords down: after a few wrong ones an address waits, each time twice as
 * long, up to a minute. Other addresses and right passwords are not counted. Thread-safe.
 */
final class LoginLimit {
    private static final int FREE = 5;
    private static final long FIRST_WAIT_MILLIS = 2_000;
    private static final long LONGEST_WAIT_MILLIS = 60_000;
    private static final long FORGET_MILLIS = 15 * 60_000;
    private static final int MOST_ADDRESSES = 10_000;

    private final Clock clock;
    private final Map<String, Tries> tries = new LinkedHashMap<>();

    private record Tries(int wrong, long last) {
        long waitMillis() {
            int doublings = Math.min(wrong - FREE, 10);
            return doublings < 0
                    ? 0
                    : Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << doublings);
        }
    }

    LoginLimit(Clock clock) {
        this.clock = clock;
    }

    /**
     * Counts a try from {@code address}, as wrong until {@link #right}.
     *
     * @throws PageException with status 429 if it has to wait
     */
    synchronized void tryFrom(String address) {
        long now = clock.millis();
        tries.values().removeIf(t -> now - t.last() > FORGET_MILLIS);
        Tries before = tries.getOrDefault(NetworkAddress.network(address), new Tries(0, 0));
        long left = before.last() + before.waitMillis() - now;
        if (left > 0) {
            throw new PageException(
                    429,
                    "too many wrong passwords from your address; try again in %d seconds"
                            .formatted((left + 999) / 1000));
        }
        if (tries.size() >= MOST_ADDRESSES) {
            tries.remove(tries.keySet().iterator().next());
        }
        tries.put(NetworkAddress.network(address), new Tries(before.wrong() + 1, now));
    }

    /** Forgets the wrong passwords from {@code address}. */
    synchronized void right(String address) {
        tries.remove(NetworkAddress.network(address));
    }
}
