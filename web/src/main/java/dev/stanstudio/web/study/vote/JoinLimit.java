package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.study.store.Study;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts who joins a study from one address within a minute. Thread-safe. */
final class JoinLimit {
    private static final long MINUTE = 60_000;
    private static final int MAX_KNOWN = 10_000;

    private final Clock clock;
    private final Map<String, Deque<Long>> joins = new ConcurrentHashMap<>();

    JoinLimit(Clock clock) {
        this.clock = clock;
    }

    /**
     * Counts somebody.
     *
     * @throws PageException with status 429 when the study's limit is reached
     */
    void count(Study study, String address) {
        int most = study.plan().settings().admitted().joinsPerMinute();
        long now = clock.millis();
        if (joins.size() > MAX_KNOWN) {
            joins.values().removeIf(times -> old(times, now));
        }
        Deque<Long> times =
                joins.computeIfAbsent(study.id() + " " + address, key -> new ArrayDeque<>());
        synchronized (times) {
            // A clock that was set back makes times of the future, which say nothing.
            times.removeIf(time -> time <= now - MINUTE || time > now);
            if (times.size() >= most) {
                throw new PageException(
                        429,
                        "many people are joining from your network; wait a minute, then try again");
            }
            times.add(now);
        }
    }

    private static boolean old(Deque<Long> times, long now) {
        synchronized (times) {
            Long last = times.peekLast();
            return last == null || last <= now - MINUTE;
        }
    }
}
