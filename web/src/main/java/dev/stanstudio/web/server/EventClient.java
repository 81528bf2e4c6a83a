package dev.stanstudio.web.server;

import io.javalin.http.sse.SseClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A page that receives events. Of several waiting messages with the same key it gets the newest.
 * Thread-safe.
 */
final class EventClient {
    private final SseClient client;
    private final BooleanSupplier open;
    private final Executor senders;
    private final Map<String, Message> pending = new LinkedHashMap<>();
    private boolean sending;

    private record Message(String name, String data) {}

    /** Creates a page whose messages are written by {@code senders}. */
    EventClient(SseClient client, Executor senders) {
        this.client = client;
        this.open = Access.open(client.ctx());
        this.senders = senders;
    }

    /**
     * Sends {@code data} soon.
     *
     * @param key the message's subject
     */
    synchronized void offer(String name, String key, String data) {
        pending.remove(key);
        pending.put(key, new Message(name, data));
        if (!sending) {
            try {
                sending = true;
                senders.execute(this::drain);
            } catch (RejectedExecutionException e) {
                sending = false; // the studio is closing, or the next message tries again
            }
        }
    }

    private void drain() {
        try {
            for (Message next = next(); next != null && !ended(); next = next()) {
                client.sendEvent(next.name(), next.data());
            }
        } catch (RuntimeException e) {
            close(); // the client disconnected
        }
    }

    private synchronized @Nullable Message next() {
        if (pending.isEmpty()) {
            sending = false;
            return null;
        }
        String key = pending.keySet().iterator().next();
        return pending.remove(key);
    }

    /** Ends the connection of a page whose session has ended; returns whether it has. */
    boolean ended() {
        if (open.getAsBoolean()) {
            return false;
        }
        close();
        return true;
    }

    /** Ends the connection. */
    void close() {
        client.close();
    }
}
