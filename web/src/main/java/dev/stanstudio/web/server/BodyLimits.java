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
    /** Bytes that a voter's form or a password needs, many times over. */
    static final long STRANGER = 64L << 10;

    /**
     * So much of every body is taken however much others hold, which is more than a vote has: a
     * sender of many large, slow bodies keeps nobody from voting.
     */
    private static final long FREE = 4L << 10;

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

    /** Returns whether {@code request} is a form with files that goes where files are taken. */
    boolean takes(Request request) {
        String type =
                Objects.requireNonNullElse(request.getHeaders().get(HttpHeader.CONTENT_TYPE), "")
                        .strip();
        BodyLimit own = routes.get(Request.getPathInContext(request));
        return !type.regionMatches(true, 0, "multipart/", 0, "multipart/".length())
                || (own != null && own.files());
    }

    /**
     * Takes memory for more of a body; false if too much is held already.
     *
     * @param before bytes of the body that were taken before
     * @param bytes how many come
     */
    boolean hold(long before, int bytes) {
        long more = counted(before + bytes) - counted(before);
        if (more == 0 || held.addAndGet(more) <= budget) {
            return true;
        }
        held.addAndGet(-more);
        return false;
    }

    /** Gives the memory of a body of {@code bytes} back. */
    void release(long bytes) {
        held.addAndGet(-counted(bytes));
    }

    private static long counted(long bytes) {
        return Math.max(0, bytes - FREE);
    }

    long budget() {
        return budget;
    }
}
