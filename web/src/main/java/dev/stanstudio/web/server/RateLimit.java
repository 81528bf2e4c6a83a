package dev.stanstudio.web.server;

import io.javalin.http.Context;
import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** At most so many requests a minute from one address. Thread-safe. */
public final class RateLimit {
    private static final long WINDOW_MILLIS = 60_000;

    private final int limit;
    private final Clock clock;
    private final ConcurrentHashMap<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private volatile long window;

    /** Allows {@code limit} requests per address and minute. */
    public RateLimit(int limit, Clock clock) {
        this.limit = limit;
        this.clock = clock;
    }

    /**
     * Counts a request.
     *
     * @throws PageException with status 429 when it is one too many
     */
    public void count(Context ctx) {
        long now = clock.millis() / WINDOW_MILLIS;
        if (now != window) {
            counts.clear();
            window = now;
        }
        int seen = counts.computeIfAbsent(ctx.ip(), ip -> new AtomicInteger()).incrementAndGet();
        if (seen > limit) {
            throw new PageException(429, "too many requests from your address; wait a minute");
        }
    }
}
