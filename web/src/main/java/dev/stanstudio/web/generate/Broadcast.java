package dev.stanstudio.web.generate;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.web.home.JsonText;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.queue.PictureListener;
import dev.stanstudio.web.queue.PictureQueue;
import dev.stanstudio.web.server.EventBroadcaster;
import dev.stanstudio.web.server.Pages;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Sends server-sent events to every open page: {@code cell} when a picture's state changed, {@code
 * step} while it is drawn, {@code queue} for the queue's length and order. Changes are read from
 * the database, so those that other machines make are seen too. Thread-safe.
 */
final class Broadcast implements PictureListener, AutoCloseable {
    private static final Duration PREVIEWS_APART = Duration.ofMillis(250);
    private static final int MOST_PLACES = 300;

    private final PictureTable table;
    private final PictureQueue queue;

    /** By the monotonic clock: the time of day may be set back. */
    private final Map<String, Long> previews = new ConcurrentHashMap<>();

    private final EventBroadcaster events;
    private String lastQueue = "";

    Broadcast(StudioContext studio) {
        this.table = new PictureTable(studio.database(), studio.clock());
        this.queue = new PictureQueue(studio.database(), studio.clock());
        this.events = new EventBroadcaster(studio.clock(), this::publish);
    }

    void start() {
        events.start();
    }

    /** Adds an open page. */
    void add(SseClient client) {
        events.add(client, "queue", queueJson());
    }

    int viewers() {
        return events.count();
    }

    @Override
    public void changed() {
        events.soon();
    }

    @Override
    public void stepped(String id, int done, int steps, Supplier<Picture> preview) {
        if (events.count() == 0) {
            return;
        }
        long now = System.nanoTime();
        Map<String, Object> step = new HashMap<>(Map.of("id", id, "done", done, "steps", steps));
        Long last = previews.get(id);
        if (last == null || now - last >= PREVIEWS_APART.toNanos()) {
            previews.put(id, now);
            byte[] png = PictureFiles.encode(preview.get());
            step.put("preview", "data:image/png;base64," + Base64.getEncoder().encodeToString(png));
        }
        events.send("step", "step " + id, JsonText.write(step));
    }

    private void publish(Instant since, boolean silent) {
        for (StoredPicture picture : table.changedSince(since)) {
            if (events.isNew(picture.id(), picture.changedAt())) {
                events.send("cell", "cell " + picture.id(), cellJson(picture));
            }
            if (!picture.state().isOpen()) {
                previews.remove(picture.id());
            }
        }
        String now = queueJson();
        if (silent || !now.equals(lastQueue)) {
            lastQueue = now;
            events.send("queue", "queue", now);
        }
    }

    private static String cellJson(StoredPicture picture) {
        return JsonText.write(
                Map.of(
                        "id",
                        picture.id(),
                        "matrix",
                        picture.matrix(),
                        "state",
                        picture.state().label(),
                        "say",
                        picture.state().isDone() ? picture.spoken() : "",
                        "html",
                        Pages.text(new CellView(picture))));
    }

    private String queueJson() {
        PictureQueue.Depth depth = queue.depth();
        Map<String, Integer> places = new HashMap<>();
        List<String> order = queue.order();
        for (String id : order.subList(0, Math.min(order.size(), MOST_PLACES))) {
            places.put(id, places.size() + 1);
        }
        return JsonText.write(
                Map.of(
                        "queued", depth.queued(),
                        "running", depth.running(),
                        "paused", depth.paused(),
                        "places", places));
    }

    @Override
    public void close() {
        events.close();
    }
}
