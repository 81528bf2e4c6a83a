package dev.stanstudio.web.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows the guessing of passwords down: after a few wrong ones an address waits, each time twice as
 * long, up to a minute. Other addresses and right passwords are not counted. Thread-safe.
 */
final class LoginLimit {
    private static final int FREE = 5;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);
    private static final int MOST_ADDRESSES = 10_000;

    private final Clock clock;
    private final Map<String, Tries> tries = new LinkedHashMap<>();

    private record Tries(int wrong, Instant last) {
        /** Returns the time before which no further try is taken. */
        Instant next() {
            int doublings = Math.min(wrong - FREE, 10);
            if (doublings < 0) {
                return last;
            }
            Duration wait = FIRST_WAIT.multipliedBy(1L << doublings);
            return last.plus(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
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
        Instant now = clock.instant();
        // A clock that was set back leaves times of the future, which would lock people out.
        tries.replaceAll((from, t) -> t.last().isAfter(now) ? new Tries(t.wrong(), now) : t);
        tries.values().removeIf(t -> t.last().plus(FORGOTTEN_AFTER).isBefore(now));
        Tries before =
                tries.getOrDefault(NetworkAddress.network(address), new Tries(0, Instant.EPOCH));
        long left = Duration.between(now, before.next()).toMillis();
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
