package dev.stanstudio.web.job;

import dev.stanstudio.web.server.Studio;
import dev.stanstudio.web.server.Viewer;
import io.javalin.http.sse.SseClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Tells every open page which jobs changed, by server-sent events {@code job} with the job's id and
 * state. Changes are read from the database, so those of other machines are seen too. Thread-safe.
 */
final class JobNews implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;

    /** Other machines' clocks may be behind by this much. */
    private static final long OVERLAP_MILLIS = 5_000;

    /** Connections that say nothing for longer are cut. */
    private static final long SILENCE_MILLIS = 10_000;

    private static final int SENDERS = 2;

    private final JobTable table;
    private final Studio studio;
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> seen = new HashMap<>();
    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS, JobNews::thread);
    private final ScheduledExecutorService watcher =
            Executors.newSingleThreadScheduledExecutor(JobNews::thread);
    private long lastSent;

    JobNews(Studio studio) {
        this.studio = studio;
        this.table = new JobTable(studio);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "studio-jobs");
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        // It goes on whatever happens in it, and ends with the watcher.
        ScheduledFuture<?> unused =
                watcher.scheduleWithFixedDelay(
                        this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A page that wants to be told. */
    void add(SseClient client) {
        if (watcher.isShutdown()) {
            return; // the studio is closing
        }
        Viewer viewer = new Viewer(client, senders);
        client.keepAlive();
        client.onClose(() -> viewers.remove(viewer));
        viewers.add(viewer);
        viewer.offer("alive", "alive", "");
    }

    private void look() {
        try {
            if (viewers.isEmpty()) {
                seen.clear();
                return;
            }
            tellChanges(studio.clock().millis());
        } catch (RuntimeException e) {
            System.err.println("studio: cannot read which jobs changed: " + e.getMessage());
        }
    }

    private void tellChanges(long now) {
        long since = now - OVERLAP_MILLIS;
        for (Job job : table.changedSince(since)) {
            Long known = seen.put(job.id(), job.changedAt());
            if (known == null || known != job.changedAt()) {
                send("job", job.id(), job.id() + " " + job.state().label(), now);
            }
        }
        seen.values().removeIf(time -> time < since);
        if (now - lastSent >= SILENCE_MILLIS) {
            send("alive", "alive", "", now);
        }
    }

    private void send(String name, String key, String data, long now) {
        lastSent = now;
        viewers.forEach(viewer -> viewer.offer(name, key, data));
    }

    @Override
    public void close() {
        watcher.shutdownNow();
        viewers.forEach(Viewer::close);
        viewers.clear();
        senders.shutdown();
    }
}
