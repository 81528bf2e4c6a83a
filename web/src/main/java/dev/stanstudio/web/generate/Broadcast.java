package dev.stanstudio.web.generate;

import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.web.picture.Json;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.PictureState;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.queue.DrawingWatch;
import dev.stanstudio.web.queue.PictureQueue;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.Studio;
import dev.stanstudio.web.server.Viewer;
import io.javalin.http.sse.SseClient;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Tells every open page what happens, by server-sent events: {@code cell} when a picture's state
 * changed, {@code step} while it is drawn, {@code queue} for the queue's length and order. Changes
 * are read from the database, so those that other machines make are seen too. Thread-safe.
 */
final class Broadcast implements DrawingWatch, AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;

    /** Other machines' clocks may be behind by this much. */
    private static final long OVERLAP_MILLIS = 5_000;

    private static final long PREVIEW_MILLIS = 250;

    /** Connections that say nothing for longer are cut. */
    private static final long SILENCE_MILLIS = 10_000;

    private static final int SENDERS = 4;
    private static final int MOST_PLACES = 300;

    private final Studio studio;
    private final PictureTable table;
    private final PictureQueue queue;
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
    private final Map<String, Long> previews = new ConcurrentHashMap<>();
    private final Map<String, Long> seen = new HashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final ExecutorService senders =
            Executors.newFixedThreadPool(SENDERS, Broadcast::thread);
    private final ScheduledExecutorService watcher =
            Executors.newSingleThreadScheduledExecutor(Broadcast::thread);
    private String lastQueue = "";
    private long lastSent;

    Broadcast(Studio studio) {
        this.studio = studio;
        this.table = new PictureTable(studio.database(), studio.clock());
        this.queue = new PictureQueue(studio.database(), studio.clock());
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "studio-live");
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
        Viewer viewer = new Viewer(client, senders);
        if (watcher.isShutdown()) {
            return; // the studio is closing
        }
        client.keepAlive();
        client.onClose(() -> viewers.remove(viewer));
        viewers.add(viewer);
        viewer.offer("queue", "queue", queueJson());
    }

    int viewers() {
        return viewers.size();
    }

    @Override
    public void changed() {
        if (!watcher.isShutdown() && looking.compareAndSet(false, true)) {
            watcher.execute(this::look);
        }
    }

    @Override
    public void stepped(String id, int done, int steps, Supplier<Picture> preview) {
        if (viewers.isEmpty()) {
            return;
        }
        long now = studio.clock().millis();
        Map<String, Object> step = new HashMap<>(Map.of("id", id, "done", done, "steps", steps));
        if (now - previews.getOrDefault(id, 0L) >= PREVIEW_MILLIS) {
            previews.put(id, now);
            byte[] png = PictureFiles.encode(preview.get());
            step.put("preview", "data:image/png;base64," + Base64.getEncoder().encodeToString(png));
        }
        send("step", "step " + id, Json.write(step));
    }

    private void send(String name, String key, String data) {
        viewers.forEach(viewer -> viewer.offer(name, key, data));
    }

    private void look() {
        looking.set(false);
        try {
            if (viewers.isEmpty()) {
                seen.clear();
                return;
            }
            tellChanges();
        } catch (RuntimeException e) {
            System.err.println("studio: cannot read what changed: " + e.getMessage());
        }
    }

    private void tellChanges() {
        long since = studio.clock().millis() - OVERLAP_MILLIS;
        List<StoredPicture> changed = table.changedSince(since);
        for (StoredPicture picture : changed) {
            Long known = seen.put(picture.id(), picture.changedAt());
            if (known == null || known != picture.changedAt()) {
                send("cell", "cell " + picture.id(), cellJson(picture));
            }
            if (!picture.state().pending()) {
                previews.remove(picture.id());
            }
        }
        seen.values().removeIf(time -> time < since);
        String now = queueJson();
        long time = studio.clock().millis();
        if (!now.equals(lastQueue) || time - lastSent >= SILENCE_MILLIS) {
            lastQueue = now;
            lastSent = time;
            send("queue", "queue", now);
        }
    }

    private static String cellJson(StoredPicture picture) {
        return Json.write(
                Map.of(
                        "id",
                        picture.id(),
                        "matrix",
                        picture.matrix(),
                        "state",
                        picture.state().label(),
                        "say",
                        picture.state() == PictureState.DONE ? picture.spoken() : "",
                        "html",
                        Pages.text("generate/cell.jte", Map.of("picture", picture))));
    }

    private String queueJson() {
        PictureQueue.Depth depth = queue.depth();
        Map<String, Integer> places = new HashMap<>();
        List<String> order = queue.order();
        for (String id : order.subList(0, Math.min(order.size(), MOST_PLACES))) {
            places.put(id, places.size() + 1);
        }
        return Json.write(
                Map.of(
                        "queued", depth.queued(),
                        "running", depth.running(),
                        "paused", depth.paused(),
                        "places", places));
    }

    @Override
    public void close() {
        watcher.shutdownNow();
        viewers.forEach(Viewer::close);
        viewers.clear();
        senders.shutdown();
    }
}
