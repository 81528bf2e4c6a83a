package dev.stanstudio.web.server;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps who is logged in: a secret of its own for every login, forgotten at its end and with the
 * process. Thread-safe.
 */
final class Sessions {
    /** Length of a login. */
    static final Duration LENGTH = Duration.ofDays(7);

    private static final int SECRET_BYTES = 32;
    private static final int MOST = 1_000;

    private final Clock clock;
    private final Map<String, Long> ends = new ConcurrentHashMap<>();

    Sessions(Clock clock) {
        this.clock = clock;
    }

    /** A new session's secret. */
    String begin() {
        long now = clock.millis();
        ends.values().removeIf(end -> end <= now);
        if (ends.size() >= MOST) {
            ends.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .ifPresent(oldest -> ends.remove(oldest.getKey()));
        }
        String secret = Signer.randomText(SECRET_BYTES);
        ends.put(secret, now + LENGTH.toMillis());
        return secret;
    }

    /** Returns whether {@code secret} is that of an open session. */
    boolean has(@Nullable String secret) {
        Long end = secret == null ? null : ends.get(secret);
        return end != null && end > clock.millis();
    }

    /** Ends a session, even for holders of its secret. */
    void end(@Nullable String secret) {
        if (secret != null) {
            ends.remove(secret);
        }
    }
}
