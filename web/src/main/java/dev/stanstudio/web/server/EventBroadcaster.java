package dev.stanstudio.web.server;

import io.javalin.http.sse.SseClient;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The pages that are told by server-sent events what changes, and a thread that looks for it every
 * second while there is one. Thread-safe.
 */
public final class EventBroadcaster implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;

    /** Other machines' clocks may be behind by this much. */
    private static final long OVERLAP_MILLIS = 5_000;

    /** Connections that say nothing for longer are cut. */
    private static final long SILENCE_MILLIS = 10_000;

    private final Clock clock;
    private final News news;
    private final Set<EventClient> viewers = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> seen = new HashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final ExecutorService senders;
    private final ScheduledExecutorService watcher;
    private volatile long lastSent;
    private long lastLook;

    /** Where changes come from; called by one thread. */
    @FunctionalInterface
    public interface News {
        /**
         * Sends what changed.
         *
         * @param since milliseconds since 1970; what {@link EventBroadcaster#isNew} knows may come
         *     again
         * @param silent whether nothing was sent for so long that something should be
         */
        void tell(long since, boolean silent);
    }

    /**
     * Without pages yet.
     *
     * @param threads how many pages are written to at a time
     */
    public EventBroadcaster(Clock clock, int threads, News news) {
        this.clock = clock;
        this.news = news;
        this.lastLook = clock.millis();
        this.senders = Executors.newFixedThreadPool(threads, EventBroadcaster::thread);
        this.watcher = Executors.newSingleThreadScheduledExecutor(EventBroadcaster::thread);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "studio-live");
        thread.setDaemon(true);
        return thread;
    }

    /** Begins to look. */
    public void start() {
        // It goes on whatever happens in it, and ends with the watcher.
        ScheduledFuture<?> unused =
                watcher.scheduleWithFixedDelay(
                        this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Looks at once. */
    public void soon() {
        if (!watcher.isShutdown() && looking.compareAndSet(false, true)) {
            watcher.execute(this::look);
        }
    }

    /** A page that wants to be told; the message is the first thing it hears. */
    public void add(SseClient client, String name, String data) {
        if (watcher.isShutdown()) {
            return; // the studio is closing
        }
        EventClient viewer = new EventClient(client, senders);
        client.keepAlive();
        client.onClose(() -> viewers.remove(viewer));
        viewers.add(viewer);
        viewer.offer(name, name, data);
    }

    /** How many pages there are. */
    public int count() {
        return viewers.size();
    }

    /**
     * Tells every page.
     *
     * @param key what it is about; a page that is slow gets the newest message of a key
     */
    public void send(String name, String key, String data) {
        lastSent = clock.millis();
        viewers.forEach(viewer -> viewer.offer(name, key, data));
    }

    /** Whether a change was not told yet. Only for {@link News#tell}. */
    public boolean isNew(String id, long changedAt) {
        Long known = seen.put(id, changedAt);
        return known == null || known != changedAt;
    }

    private void look() {
        looking.set(false);
        long now = clock.millis();
        // From the last look on, not from now: a computer that slept has missed more than a moment.
        long since = Math.min(now, lastLook) - OVERLAP_MILLIS;
        lastLook = now;
        if (viewers.isEmpty()) {
            seen.clear();
            return;
        }
        try {
            news.tell(since, now - lastSent >= SILENCE_MILLIS);
            seen.values().removeIf(time -> time < since);
        } catch (RuntimeException e) {
            Problems.shared().note("cannot read what changed: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        watcher.shutdownNow();
        viewers.forEach(EventClient::close);
        viewers.clear();
        senders.shutdown();
    }
}
