package dev.stanstudio.web.queue;

import dev.stanstudio.web.home.Database;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The order in which pictures are drawn, in the database. Owners take turns: next is the first in
 * the line of the owner who was served longest ago. Every change is one transaction, so any number
 * of processes may share the queue. Thread-safe.
 */
public final class PictureQueue {
    private static final int MOST_TRIES = 100;

    /** Number of times that a picture is taken up again whose process died or hung. */
    private static final int MOST_REVIVALS = 2;

    private final Jdbi jdbi;
    private final Clock clock;

    /** The queue in {@code database}. */
    public PictureQueue(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
    }

    /**
     * What the queue holds.
     *
     * @param paused whether no picture is begun for now
     */
    public record Depth(int queued, int running, boolean paused) {}

    /** How much there is to do. */
    public Depth depth() {
        return jdbi.withHandle(h -> new Depth(count(h, "queued"), count(h, "running"), paused(h)));
    }

    private static int count(Handle h, String state) {
        return h.createQuery("SELECT COUNT(*) FROM picture WHERE state = :state")
                .bind("state", state)
                .mapTo(Integer.class)
                .one();
    }

    private static boolean paused(Handle h) {
        return h.createQuery("SELECT paused FROM queue_switch WHERE id = 1")
                        .mapTo(Integer.class)
                        .one()
                == 1;
    }

    /** Lets no picture begin, or lets them begin again. Those being drawn are finished. */
    public void pause(boolean paused) {
        jdbi.useHandle(
                h ->
                        h.createUpdate("UPDATE queue_switch SET paused = :paused WHERE id = 1")
                                .bind("paused", paused ? 1 : 0)
                                .execute());
    }

    /** The waiting pictures in the order in which they will be drawn, as ids. */
    public List<String> order() {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        "SELECT q.id FROM (SELECT p.id, p.owner, p.position,"
                                            + " ROW_NUMBER() OVER (PARTITION BY p.owner ORDER BY"
                                            + " p.position) AS nth FROM picture p WHERE p.state ="
                                            + " 'queued') q LEFT JOIN turn t ON t.owner = q.owner"
                                            + " ORDER BY q.nth, COALESCE(t.served, 0), q.position")
                                .mapTo(String.class)
                                .list());
    }

    /** Place in the queue by id, 1 for the next. */
    public Map<String, Integer> places() {
        Map<String, Integer> places = new HashMap<>();
        for (String id : order()) {
            places.put(id, places.size() + 1);
        }
        return places;
    }

    /**
     * Takes the picture that {@code token} draws: the one it has already, or the next that waits.
     *
     * @return its id; empty if nothing waits, the queue is paused, or the one it has is given up
     */
    Optional<String> claim(String token) {
        Optional<String> own = held(token);
        if (own.isPresent()) {
            return own.filter(this::revive);
        }
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<Optional<String>> taken = jdbi.inTransaction(h -> take(h, token));
            if (taken.isPresent()) {
                return taken.get();
            }
        }
        return Optional.empty();
    }

    private Optional<String> held(String token) {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        "SELECT id FROM picture WHERE token = :token AND state ="
                                                + " 'running'")
                                .bind("token", token)
                                .mapTo(String.class)
                                .findFirst());
    }

    /**
     * Returns whether a picture is taken up again: not if it was cancelled, or killed its
     * processes.
     */
    private boolean revive(String id) {
        if (stopping(id)) {
            stopped(id);
            return false;
        }
        boolean again =
                jdbi.withHandle(
                                h ->
                                        h.createUpdate(
                                                        "UPDATE picture SET revived = revived + 1,"
                                                            + " changed_at = :now WHERE id = :id"
                                                            + " AND state = 'running' AND revived <"
                                                            + " :most")
                                                .bind("now", clock.millis())
                                                .bind("id", id)
                                                .bind("most", MOST_REVIVALS)
                                                .execute())
                        == 1;
        if (!again) {
            fail(
                    id,
                    "the studio ended or hung "
                            + (MOST_REVIVALS + 1)
                            + " times while it drew this picture; change its settings, or try it"
                            + " again");
        }
        return again;
    }

    /** Empty when another process was faster, and one has to look again. */
    private Optional<Optional<String>> take(Handle h, String token) {
        if (paused(h)) {
            return Optional.of(Optional.empty());
        }
        Optional<String> next =
                h.createQuery(
                                "SELECT p.id FROM picture p LEFT JOIN turn t ON t.owner = p.owner"
                                    + " WHERE p.state = 'queued' ORDER BY COALESCE(t.served, 0),"
                                    + " p.position LIMIT 1")
                        .mapTo(String.class)
                        .findFirst();
        if (next.isEmpty()) {
            return Optional.of(Optional.empty());
        }
        long now = clock.millis();
        int changed =
                h.createUpdate(
                                "UPDATE picture SET state = 'running', token = :token, cancelled ="
                                    + " 0, revived = 0, steps_done = 0, remark = '', started_at ="
                                    + " :now, changed_at = :now WHERE id = :id AND state ="
                                    + " 'queued'")
                        .bind("token", token)
                        .bind("now", now)
                        .bind("id", next.get())
                        .execute();
        if (changed == 0) {
            return Optional.empty();
        }
        h.createUpdate(
                        "INSERT INTO turn (owner, served) VALUES ((SELECT owner FROM picture WHERE"
                                + " id = :id), (SELECT COALESCE(MAX(served), 0) + 1 FROM turn)) ON"
                                + " CONFLICT (owner) DO UPDATE SET served = excluded.served")
                .bind("id", next.get())
                .execute();
        return Optional.of(next);
    }

    /** Remembers how far a picture is. */
    void progress(String id, int done, int steps) {
        update(
                id,
                "steps_done = " + done + ", steps = " + steps + ", changed_at = :now",
                "running");
    }

    /** A picture lies in its file. */
    void finish(String id, String remark) {
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        "UPDATE picture SET state = 'done', token = NULL, remark ="
                                            + " :remark, steps_done = steps, finished_at = :now,"
                                            + " changed_at = :now WHERE id = :id AND state ="
                                            + " 'running'")
                                .bind("remark", remark)
                                .bind("now", clock.millis())
                                .bind("id", id)
                                .execute());
    }

    /** A picture could not be drawn. */
    void fail(String id, String reason) {
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        "UPDATE picture SET state = 'failed', token = NULL, remark"
                                                + " = :remark, changed_at = :now WHERE id = :id AND"
                                                + " state = 'running'")
                                .bind("remark", reason)
                                .bind("now", clock.millis())
                                .bind("id", id)
                                .execute());
    }

    /** A worker stopped drawing a picture because somebody asked for it. */
    void stopped(String id) {
        update(id, "state = 'cancelled', token = NULL, changed_at = :now", "running");
    }

    /** A worker gives a picture back to be drawn later. */
    void giveBack(String id) {
        update(id, "state = 'queued', token = NULL, changed_at = :now", "running");
    }

    /** Whether somebody wants a picture that is being drawn to be stopped. */
    boolean stopping(String id) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT cancelled FROM picture WHERE id = :id")
                                        .bind("id", id)
                                        .mapTo(Integer.class)
                                        .findOne()
                                        .orElse(1)
                                == 1);
    }

    /**
     * Cancels a picture: at once if it waits, soon if it is being drawn.
     *
     * @return whether there was something to cancel
     */
    public boolean cancel(String id) {
        boolean waiting = update(id, "state = 'cancelled', changed_at = :now", "queued");
        return waiting || update(id, "cancelled = 1, changed_at = :now", "running");
    }

    /** Puts a cancelled or failed picture at the end of its owner's line. */
    public boolean retry(String id) {
        String again =
                "state = 'queued', cancelled = 0, remark = '', steps_done = 0, deleted_at = NULL,"
                        + " changed_at = :now, position = (SELECT MAX(position) + 1 FROM picture)";
        return update(id, again, "failed") || update(id, again, "cancelled");
    }

    /** Puts a waiting picture at the head of its owner's line. */
    public boolean first(String id) {
        return update(
                id,
                "position = (SELECT MIN(position) - 1 FROM picture), changed_at = :now",
                "queued");
    }

    /**
     * Puts waiting pictures into the order of {@code ids}, within the places that they have
     * together. Pictures that wait no longer are passed over.
     */
    public void reorder(List<String> ids) {
        jdbi.useTransaction(
                h -> {
                    Map<String, Long> places = new HashMap<>();
                    for (String id : ids) {
                        h.createQuery(
                                        "SELECT position FROM picture WHERE id = :id AND state ="
                                                + " 'queued'")
                                .bind("id", id)
                                .mapTo(Long.class)
                                .findOne()
                                .ifPresent(place -> places.put(id, place));
                    }
                    List<Long> sorted = places.values().stream().sorted().toList();
                    List<String> wanted =
                            ids.stream().filter(places::containsKey).distinct().toList();
                    for (int i = 0; i < wanted.size(); i++) {
                        h.createUpdate(
                                        "UPDATE picture SET position = :place, changed_at = :now"
                                                + " WHERE id = :id")
                                .bind("place", sorted.get(i))
                                .bind("now", clock.millis())
                                .bind("id", wanted.get(i))
                                .execute();
                    }
                });
    }

    private boolean update(String id, String change, String state) {
        return jdbi.withHandle(
                        h ->
                                h.createUpdate(
                                                "UPDATE picture SET "
                                                        + change
                                                        + " WHERE id = :id AND state = :state")
                                        .bind("now", clock.millis())
                                        .bind("id", id)
                                        .bind("state", state)
                                        .execute())
                == 1;
    }
}
