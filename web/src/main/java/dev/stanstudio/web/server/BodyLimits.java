package dev.stanstudio.web.server;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Decides how many bytes a request may send, and counts what all unfinished ones have sent. Whoever
 * has not logged in may send little, wherever it goes. Thread-safe.
 */
final class BodyLimits {
    /** What a voter's form or a password needs, many times over. */
    static final long STRANGER = 64L << 10;

    private static final long USUAL = 8L << 20;
    private static final long LEAST_BUDGET = 64L << 20;

    private final Map<String, BodyLimit> routes;
    private final Predicate<Request> insider;
    private final long budget = Math.max(LEAST_BUDGET, Runtime.getRuntime().maxMemory() / 4);
    private final AtomicLong held = new AtomicLong();

    /**
     * @param routes limits by path, where they are not the usual one
     * @param insider whether the studio's own pages answer a request
     */
    BodyLimits(Map<String, BodyLimit> routes, Predicate<Request> insider) {
        this.routes = Map.copyOf(routes);
        this.insider = insider;
    }

    /** The most that {@code request} may send. */
    long bytes(Request request) {
        if (!insider.test(request)) {
            return STRANGER;
        }
        BodyLimit own = routes.get(Request.getPathInContext(request));
        return own == null ? USUAL : own.bytes();
    }

    /** Whether {@code request} is a form with files that goes where files are taken. */
    boolean takes(Request request) {
        String type =
                Objects.requireNonNullElse(request.getHeaders().get(HttpHeader.CONTENT_TYPE), "")
                        .strip();
        BodyLimit own = routes.get(Request.getPathInContext(request));
        return !type.regionMatches(true, 0, "multipart/", 0, "multipart/".length())
                || (own != null && own.files());
    }

    /** Takes memory for {@code bytes} more; false if too much is held already. */
    boolean hold(int bytes) {
        if (held.addAndGet(bytes) <= budget) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }
}
