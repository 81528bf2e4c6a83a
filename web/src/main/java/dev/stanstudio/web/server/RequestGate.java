package dev.stanstudio.web.server;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Keeps slow clients away from the server's threads: a request reaches its handler when all of it
 * is there, and an answer that is read slowly waits in memory. Also tells who really asks where a
 * proxy stands before the studio.
 */
final class RequestGate extends Handler.Wrapper {
    /** Attribute of a request of whose answer the head alone is sent. */
    static final String HEAD_ALONE = "studio.head";

    private final BodyLimits limits;
    private final Proxies proxies;
    private final HeldReplies replies = new HeldReplies();
    private final AtomicInteger running = new AtomicInteger();

    RequestGate(BodyLimits limits, Proxies proxies) {
        this.limits = limits;
        this.proxies = proxies;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Request seen = answered(proxies.unveil(request));
        Counted counted = new Counted();
        Callback last = Callback.from(callback, counted::end);
        HeldReply reply = new HeldReply(seen, response, last, replies);
        if (!hasBody(seen)) {
            return counted.handle(seen, reply, reply.completion());
        }
        new BodyReader(counted, limits, seen, reply, reply.completion()).run();
        return true;
    }

    /**
     * Counts the requests that are being answered; those that are still being sent do not count.
     */
    int running() {
        return running.get();
    }

    /** Hands a request on, and counts it until its answer is sent. */
    private final class Counted implements Request.Handler {
        private final AtomicBoolean begun = new AtomicBoolean();

        @Override
        public boolean handle(Request request, Response response, Callback callback)
                throws Exception {
            begun.set(true);
            running.incrementAndGet();
            boolean handled = false;
            try {
                handled = getHandler().handle(request, response, callback);
                return handled;
            } finally {
                if (!handled) {
                    end();
                }
            }
        }

        void end() {
            if (begun.compareAndSet(true, false)) {
                running.decrementAndGet();
            }
        }
    }

    /**
     * A question for the head alone has the answer of GET, of which the connection sends no body.
     */
    private static Request answered(Request request) {
        if (!HttpMethod.HEAD.is(request.getMethod())) {
            return request;
        }
        request.setAttribute(HEAD_ALONE, true);
        return new Request.Wrapper(request) {
            @Override
            public String getMethod() {
                return HttpMethod.GET.asString();
            }
        };
    }

    private static boolean hasBody(Request request) {
        return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)
                || request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > 0;
    }
}
