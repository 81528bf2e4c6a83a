package dev.stanstudio.web.server;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * Takes an answer into memory as fast as it is written and sends it as fast as it is read, up to a
 * limit beyond which the writer waits. Streams of events go out as they are. Thread-safe.
 */
final class HeldReply extends Response.Wrapper {
    /** More than the largest page or picture of a trial; archives wait for their readers. */
    private static final long MOST_HELD = 8L << 20;

    private static final String EVENTS = "text/event-stream";

    private final Callback callback;
    private final HeldReplies replies;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private final Sender sender = new Sender();
    private long held;
    private long ended;
    private boolean complete;
    private boolean begun;
    private boolean lastTaken;
    private @Nullable Throwable failure;

    /**
     * A piece that waits: {@code held} bytes of it are a copy, whose writer was told that it is
     * sent.
     */
    private record Piece(boolean last, @Nullable ByteBuffer bytes, int held, Callback told) {}

    HeldReply(Request request, Response response, Callback callback, HeldReplies replies) {
        super(request, response);
        this.callback = callback;
        this.replies = replies;
    }

    @Override
    public void write(boolean last, ByteBuffer bytes, Callback told) {
        int count = BufferUtil.length(bytes);
        boolean copied;
        synchronized (this) {
            copied = failure == null && !events() && held + count <= MOST_HELD;
        }
        copied = copied && replies.hold(count);
        Throwable broken;
        synchronized (this) {
            broken = failure;
            if (broken == null) {
                begun = true;
                lastTaken |= last;
                held += copied ? count : 0;
                pieces.add(
                        copied
                                ? new Piece(last, copy(bytes), count, Callback.NOOP)
                                : new Piece(last, bytes, 0, told));
            }
        }
        if (broken != null) {
            replies.release(copied ? count : 0);
            told.failed(broken);
            return;
        }
        sender.iterate();
        if (copied) {
            told.succeeded();
        }
    }

    @Override
    public synchronized boolean isCommitted() {
        return begun || getWrapped().isCommitted();
    }

    @Override
    public synchronized boolean hasLastWrite() {
        return lastTaken || getWrapped().hasLastWrite();
    }

    private boolean events() {
        return Objects.requireNonNullElse(getHeaders().get(HttpHeader.CONTENT_TYPE), "")
                .startsWith(EVENTS);
    }

    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return null;
        }
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        copy.put(bytes).flip();
        return copy;
    }

    /** Ends the exchange once everything is sent. */
    Callback completion() {
        return new Callback() {
            @Override
            public void succeeded() {
                synchronized (HeldReply.this) {
                    complete = true;
                    ended = System.nanoTime();
                }
                replies.add(HeldReply.this);
                sender.iterate();
            }

            @Override
            public void failed(Throwable x) {
                breakOff(x);
                callback.failed(x);
            }
        };
    }

    /** Returns the time at which the answer was complete, by {@link System#nanoTime}. */
    synchronized long ended() {
        return ended;
    }

    /** Ends the connection of a reader that takes too long. */
    void cut() {
        getRequest().getConnectionMetaData().getConnection().getEndPoint().close();
    }

    private void breakOff(Throwable why) {
        Deque<Piece> lost;
        synchronized (this) {
            failure = why;
            lost = new ArrayDeque<>(pieces);
            pieces.clear();
            replies.release(held);
            held = 0;
        }
        replies.remove(this);
        lost.forEach(piece -> piece.told().failed(why));
    }

    /** Sends one piece after the other. */
    private final class Sender extends IteratingCallback {
        private @Nullable Piece sent;

        @Override
        protected Action process() {
            Piece next;
            Piece before = sent;
            boolean ends;
            synchronized (HeldReply.this) {
                if (before != null) {
                    held -= failure == null ? before.held() : 0;
                    if (failure == null) {
                        replies.release(before.held());
                    }
                }
                next = failure == null ? pieces.poll() : null;
                ends = next == null && complete && failure == null;
                sent = next;
            }
            if (before != null) {
                before.told().succeeded();
            }
            if (next != null) {
                getWrapped().write(next.last(), next.bytes(), this);
                return Action.SCHEDULED;
            }
            return ends ? Action.SUCCEEDED : Action.IDLE;
        }

        @Override
        protected void onCompleteSuccess() {
            replies.remove(HeldReply.this);
            callback.succeeded();
        }

        @Override
        protected void onCompleteFailure(Throwable cause) {
            Piece before = sent;
            breakOff(cause);
            if (before != null) {
                before.told().failed(cause);
            }
            boolean over;
            synchronized (HeldReply.this) {
                over = complete;
            }
            if (over) {
                callback.failed(cause);
            }
        }
    }
}
