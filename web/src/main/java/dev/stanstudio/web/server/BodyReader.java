package dev.stanstudio.web.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of one request into memory as it arrives, without a thread that waits for it, and
 * then hands the request on. A body that is too large, too slow or of the wrong kind is handed on
 * empty, with the refusal as an attribute.
 */
final class BodyReader implements Runnable {
    /** Attribute of a refused request: the {@link PageException} to answer with. */
    static final String REFUSAL = "studio.refusal";

    private static final String TOO_SLOW = "the request came too slowly; send it again";

    private static final Duration GRACE = Duration.ofSeconds(15);
    private static final long LEAST_BYTES_PER_SECOND = 4 << 10;

    /** Of a body that is too large so much is read and dropped: senders read no answer before. */
    private static final long MOST_DROPPED = 256L << 20;

    private static final Duration MOST_DROP_TIME = Duration.ofSeconds(10);

    private final Request.Handler next;
    private final BodyLimits limits;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final long limit;
    private final long began = System.nanoTime();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private long received;
    private @Nullable PageException refusal;

    BodyReader(
            Request.Handler next,
            BodyLimits limits,
            Request request,
            Response response,
            Callback callback) {
        this.next = next;
        this.limits = limits;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.limit = limits.bytes(request);
        if (!limits.takes(request)) {
            refusal = new PageException(415, "this form takes no files; send its fields alone");
        } else if (request.getLength() > limit) {
            refusal = tooLarge();
        }
    }

    private static PageException tooLarge() {
        return new PageException(413, "that is larger than the studio takes; send less at once");
    }

    @Override
    public void run() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                if (chunk.getFailure() instanceof TimeoutException) {
                    refuse(new PageException(408, TOO_SLOW));
                    handOn();
                    return;
                }
                release();
                callback.failed(chunk.getFailure());
                return;
            }
            take(chunk.getByteBuffer());
            boolean last = chunk.isLast();
            chunk.release();
            if (last || givenUp()) {
                handOn();
                return;
            }
        }
    }

    private void take(ByteBuffer piece) {
        int count = piece.remaining();
        received += count;
        if (refusal == null && received > limit) {
            refuse(tooLarge());
        }
        if (refusal == null && !limits.hold(body.size(), count)) {
            refuse(new PageException(503, "the studio is busy with other uploads; try again"));
        }
        if (refusal == null) {
            byte[] bytes = new byte[count];
            piece.get(bytes);
            body.writeBytes(bytes);
        }
    }

    private void refuse(PageException why) {
        release();
        body.reset();
        refusal = why;
    }

    /** Returns whether no more of it is waited for. */
    private boolean givenUp() {
        long nanos = System.nanoTime() - began;
        if (refusal != null) {
            return received > MOST_DROPPED || nanos > MOST_DROP_TIME.toNanos();
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos - GRACE.toNanos());
        if (nanos > GRACE.toNanos() && received < seconds * LEAST_BYTES_PER_SECOND + 1024) {
            refuse(new PageException(408, TOO_SLOW));
            return true;
        }
        return false;
    }

    private void release() {
        limits.release(body.size());
    }

    private void handOn() {
        if (refusal != null) {
            request.setAttribute(REFUSAL, refusal);
            if (refusal.status() == HttpStatus.REQUEST_TIMEOUT_408) {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
            }
        }
        long size = body.size();
        Callback done = Callback.from(callback, () -> limits.release(size));
        Request whole = new WholeRequest(request, body.toByteArray());
        try {
            if (!next.handle(whole, response, done)) {
                Response.writeError(whole, response, done, HttpStatus.NOT_FOUND_404);
            }
        } catch (Exception e) {
            Response.writeError(whole, response, done, e);
        }
    }
}
