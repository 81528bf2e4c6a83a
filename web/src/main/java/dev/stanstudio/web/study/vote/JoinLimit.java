package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.Texts;
import dev.stanstudio.web.study.store.Study;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Limits the raters who join a study from one address within a minute. Thread-safe. */
final class JoinLimit {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MAX_KNOWN = 10_000;

    private final Clock clock;
    private final Map<String, Deque<Instant>> joins = new ConcurrentHashMap<>();

    JoinLimit(Clock clock) {
        this.clock = clock;
    }

    /**
     * Counts one attempt to join.
     *
     * @param texts of the refusal
     * @throws PageException with status 429 when the study's limit is reached
     */
    void count(Study study, String address, Texts texts) {
        int most = study.plan().settings().admitted().joinsPerMinute();
        Instant now = clock.instant();
        if (joins.size() > MAX_KNOWN) {
            joins.values().removeIf(times -> isOver(times, now));
        }
        Deque<Instant> times =
                joins.computeIfAbsent(study.id() + " " + address, key -> new ArrayDeque<>());
        synchronized (times) {
            // A clock that was set back leaves times of the future, which are void.
            times.removeIf(time -> !time.isAfter(now.minus(WINDOW)) || time.isAfter(now));
            if (times.size() >= most) {
                throw new PageException(429, texts.of("refusal.joins"));
            }
            times.add(now);
        }
    }

    private static boolean isOver(Deque<Instant> times, Instant now) {
        synchronized (times) {
            Instant last = times.peekLast();
            return last == null || !last.isAfter(now.minus(WINDOW));
        }
    }
}
