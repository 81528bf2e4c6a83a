package dev.stanstudio.web.server;

import io.javalin.http.sse.SseClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Broadcasts changes to open pages by server-sent events. A thread polls for changes every second
 * while a page is open. Thread-safe.
 */
public final class EventBroadcaster implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(1);

    /** Other machines' clocks may be behind by this much. */
    private static final Duration OVERLAP = Duration.ofSeconds(5);

    /** Proxies cut connections that are silent for longer. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /**
     * A page that stops reading holds the thread that writes to it until its connection is given
     * up. Others are then written to by further threads, of which this many are far more than the
     * pages that a studio has.
     */
    private static final int MOST_SENDERS = 512;

    private static final Duration IDLE_SENDER = Duration.ofSeconds(10);

    private final Clock clock;
    private final News news;
    private final Set<EventClient> clients = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> seen = new HashMap<>();
    private final AtomicBoolean polling = new AtomicBoolean();
    private final ExecutorService senders;
    private final ScheduledExecutorService watcher;

    /** By the monotonic clock: the time of day may be set back. */
    private volatile long lastSent = System.nanoTime() - SILENCE.toNanos();

    private Instant lastPoll;

    /** Reads changes and sends them; called by one thread. */
    @FunctionalInterface
    public interface News {
        /**
         * Sends the changes.
         *
         * @param since overlaps with the last call, see {@link EventBroadcaster#isNew}
         * @param silent whether a sign of life is due
         */
        void publish(Instant since, boolean silent);
    }

    /** Creates a broadcaster without pages. */
    public EventBroadcaster(Clock clock, News news) {
        this.clock = clock;
        this.news = news;
        this.lastPoll = clock.instant();
        this.senders =
                new ThreadPoolExecutor(
                        0,
                        MOST_SENDERS,
                        IDLE_SENDER.toMillis(),
                        TimeUnit.MILLISECONDS,
                        new SynchronousQueue<>(),
                        EventBroadcaster::thread);
        this.watcher = Executors.newSingleThreadScheduledExecutor(EventBroadcaster::thread);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "studio-live");
        thread.setDaemon(true);
        return thread;
    }

    /** Starts to poll. */
    public void start() {
        // It never fails, and ends with the watcher.
        ScheduledFuture<?> unused =
                watcher.scheduleWithFixedDelay(
                        this::poll, POLL.toMillis(), POLL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Polls at once. */
    public void soon() {
        if (!watcher.isShutdown() && polling.compareAndSet(false, true)) {
            watcher.execute(this::poll);
        }
    }

    /** Adds a page, which first receives the given message. */
    public void add(SseClient client, String name, String data) {
        // A connection that gets no body would never be found closed.
        boolean head = client.ctx().req().getAttribute(RequestGate.HEAD_ALONE) != null;
        if (head || watcher.isShutdown()) {
            return; // perhaps the studio is closing
        }
        EventClient page = new EventClient(client, senders);
        client.keepAlive();
        client.onClose(() -> clients.remove(page));
        clients.add(page);
        page.offer(name, name, data);
    }

    /** Returns the number of pages. */
    public int count() {
        return clients.size();
    }

    /**
     * Sends a message to every page.
     *
     * @param key the message's subject; a slow page gets only the newest message of a key
     */
    public void send(String name, String key, String data) {
        lastSent = System.nanoTime();
        clients.forEach(page -> page.offer(name, key, data));
    }

    /** Returns whether a change was not sent yet. Only for {@link News#publish}. */
    public boolean isNew(String id, Instant changedAt) {
        return !changedAt.equals(seen.put(id, changedAt));
    }

    private void poll() {
        polling.set(false);
        Instant now = clock.instant();
        // From the last poll on, not from now: the computer may have slept in between.
        Instant since = (now.isBefore(lastPoll) ? now : lastPoll).minus(OVERLAP);
        lastPoll = now;
        clients.removeIf(EventClient::ended);
        if (clients.isEmpty()) {
            seen.clear();
            return;
        }
        try {
            boolean silent = System.nanoTime() - lastSent >= SILENCE.toNanos();
            news.publish(since, silent);
            seen.values().removeIf(time -> time.isBefore(since));
        } catch (RuntimeException e) {
            Problems.shared().note("cannot read what changed: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        watcher.shutdownNow();
        clients.forEach(EventClient::close);
        clients.clear();
        senders.shutdown();
    }
}
