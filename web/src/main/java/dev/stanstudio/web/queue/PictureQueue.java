package dev.stanstudio.web.queue;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.WorkState;
import java.time.Clock;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The queue of pictures in the database. Owners take turns: the next picture is the first in the
 * line of the owner who was served longest ago. Every change is one transaction, so any number of
 * processes may share the queue. Thread-safe.
 */
public final class PictureQueue {
    private static final int MOST_TRIES = 100;

    /** A picture whose process died or hung is begun again so many times. */
    private static final int MOST_REVIVALS = 2;

    private final Jdbi jdbi;
    private final Clock clock;

    /** Opens the queue in {@code database}. */
    public PictureQueue(Database database, Clock clock) {
        this.jdbi = database.jdbi();
        this.clock = clock;
    }

    /**
     * The numbers of pictures in the queue.
     *
     * @param paused whether no picture is begun for now
     */
    public record Depth(int queued, int running, boolean paused) {}

    /** Counts the pictures that wait and run. */
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

    /** Stops pictures from being begun, or allows it again. Running ones are finished. */
    public void pause(boolean paused) {
        jdbi.useHandle(
                h ->
                        h.createUpdate("UPDATE queue_switch SET paused = :paused WHERE id = 1")
                                .bind("paused", paused ? 1 : 0)
                                .execute());
    }

    /** Returns the ids of waiting pictures in the order in which they will be drawn. */
    public List<String> order() {
        String sql =
                """
                SELECT q.id
                FROM (SELECT p.id, p.owner, p.position,
                          ROW_NUMBER() OVER (PARTITION BY p.owner ORDER BY p.position) AS nth
                      FROM picture p
                      WHERE p.state = 'queued') q
                LEFT JOIN turn t ON t.owner = q.owner
                ORDER BY q.nth, COALESCE(t.served, 0), q.position
                """;
        return jdbi.withHandle(h -> h.createQuery(sql).mapTo(String.class).list());
    }

    /** Returns places in the queue by id, 1 for the next picture. */
    public Map<String, Integer> places() {
        Map<String, Integer> places = new HashMap<>();
        for (String id : order()) {
            places.put(id, places.size() + 1);
        }
        return places;
    }

    /**
     * Claims a picture for the turn {@code token}: the one that the turn has begun already, or else
     * the next that waits.
     *
     * @return its id; empty if none waits, the queue is paused, or the begun one is given up
     */
    Optional<String> claim(String token) {
        Optional<String> begun = begunBy(token);
        if (begun.isPresent()) {
            return begun.filter(this::revive);
        }
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<Claim> claim = jdbi.inTransaction(h -> take(h, token));
            if (claim.isPresent()) {
                return claim.get().id();
            }
        }
        return Optional.empty();
    }

    /** A successful look into the queue; the id is empty if nothing can be begun. */
    private record Claim(Optional<String> id) {
        static final Claim NOTHING = new Claim(Optional.empty());
    }

    private Optional<String> begunBy(String token) {
        String sql = "SELECT id FROM picture WHERE token = :token AND state = 'running'";
        return jdbi.withHandle(
                h -> h.createQuery(sql).bind("token", token).mapTo(String.class).findFirst());
    }

    /** Begins a picture again unless it was cancelled or killed its processes too often. */
    private boolean revive(String id) {
        if (stopping(id)) {
            stopped(id);
            return false;
        }
        String sql =
                """
                UPDATE picture SET revived = revived + 1, changed_at = :now
                WHERE id = :id AND state = 'running' AND revived < :most
                """;
        boolean revived =
                jdbi.withHandle(
                                h ->
                                        h.createUpdate(sql)
                                                .bind("now", clock.millis())
                                                .bind("id", id)
                                                .bind("most", MOST_REVIVALS)
                                                .execute())
                        == 1;
        if (!revived) {
            String reason =
                    "the studio ended or hung %d times while it drew this picture; change its"
                            + " settings, or try it again";
            fail(id, reason.formatted(MOST_REVIVALS + 1));
        }
        return revived;
    }

    /** Returns empty if another process was faster; then it is to be tried again. */
    private Optional<Claim> take(Handle h, String token) {
        Optional<String> next = paused(h) ? Optional.empty() : next(h);
        if (next.isEmpty()) {
            return Optional.of(Claim.NOTHING);
        }
        if (!begin(h, next.get(), token)) {
            return Optional.empty();
        }
        serve(h, next.get());
        return Optional.of(new Claim(next));
    }

    private static Optional<String> next(Handle h) {
        String sql =
                """
                SELECT p.id FROM picture p LEFT JOIN turn t ON t.owner = p.owner
                WHERE p.state = 'queued'
                ORDER BY COALESCE(t.served, 0), p.position
                LIMIT 1
                """;
        return h.createQuery(sql).mapTo(String.class).findFirst();
    }

    private boolean begin(Handle h, String id, String token) {
        String sql =
                """
                UPDATE picture SET state = 'running', token = :token, cancelled = 0, revived = 0,
                    steps_done = 0, remark = '', started_at = :now, changed_at = :now
                WHERE id = :id AND state = 'queued'
                """;
        return h.createUpdate(sql)
                        .bind("token", token)
                        .bind("now", clock.millis())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /** Records that the owner of a picture was served last of all. */
    private static void serve(Handle h, String id) {
        String sql =
                """
                INSERT INTO turn (owner, served)
                VALUES ((SELECT owner FROM picture WHERE id = :id),
                    (SELECT COALESCE(MAX(served), 0) + 1 FROM turn))
                ON CONFLICT (owner) DO UPDATE SET served = excluded.served
                """;
        h.createUpdate(sql).bind("id", id).execute();
    }

    /** Stores the progress of a running picture. */
    void progress(String id, int done, int steps) {
        String change = "steps_done = :done, steps = :steps";
        update(id, change, WorkState.RUNNING, Map.of("done", done, "steps", steps));
    }

    /** Ends a running picture whose file is written. */
    void finish(String id, String remark) {
        String change =
                """
                state = 'done', token = NULL, remark = :remark, steps_done = steps,
                    finished_at = :now\
                """;
        update(id, change, WorkState.RUNNING, Map.of("remark", remark));
    }

    /** Notes the size in which a running picture was drawn. */
    void measured(String id, int width, int height) {
        String change = "width = :width, height = :height";
        update(id, change, WorkState.RUNNING, Map.of("width", width, "height", height));
    }

    /** Ends a running picture that could not be drawn. */
    void fail(String id, String reason) {
        String change = "state = 'failed', token = NULL, remark = :remark";
        update(id, change, WorkState.RUNNING, Map.of("remark", reason));
    }

    /** Ends a running picture that was cancelled. */
    void stopped(String id) {
        update(id, "state = 'cancelled', token = NULL", WorkState.RUNNING, Map.of());
    }

    /** Puts a running picture back into the queue, in its old place. */
    void giveBack(String id) {
        update(id, "state = 'queued', token = NULL", WorkState.RUNNING, Map.of());
    }

    /** Returns whether a running picture was cancelled, or is gone. */
    boolean stopping(String id) {
        String sql = "SELECT cancelled FROM picture WHERE id = :id";
        return jdbi.withHandle(
                h ->
                        h.createQuery(sql).bind("id", id).mapTo(Integer.class).findOne().orElse(1)
                                == 1);
    }

    /**
     * Cancels a picture: at once if it waits, soon if it is being drawn.
     *
     * @return whether it did either
     */
    public boolean cancel(String id) {
        return update(id, "state = 'cancelled'", WorkState.QUEUED, Map.of())
                || update(id, "cancelled = 1", WorkState.RUNNING, Map.of());
    }

    /** Puts a cancelled or failed picture at the end of its owner's line. */
    public boolean retry(String id) {
        String change =
                """
                state = 'queued', cancelled = 0, remark = '', steps_done = 0, deleted_at = NULL,
                    position = (SELECT MAX(position) + 1 FROM picture)\
                """;
        return update(id, change, WorkState.FAILED, Map.of())
                || update(id, change, WorkState.CANCELLED, Map.of());
    }

    /** Puts a waiting picture at the head of its owner's line. */
    public boolean first(String id) {
        String change = "position = (SELECT MIN(position) - 1 FROM picture)";
        return update(id, change, WorkState.QUEUED, Map.of());
    }

    /**
     * Puts waiting pictures into the order of {@code ids}, within the places that they have
     * together. Pictures that do not wait are skipped.
     */
    public void reorder(List<String> ids) {
        jdbi.useTransaction(
                h -> {
                    Map<String, Long> places = new LinkedHashMap<>();
                    for (String id : ids) {
                        position(h, id).ifPresent(place -> places.put(id, place));
                    }
                    Iterator<Long> sorted = places.values().stream().sorted().toList().iterator();
                    for (String id : places.keySet()) {
                        move(h, id, sorted.next());
                    }
                });
    }

    private static Optional<Long> position(Handle h, String id) {
        return h.createQuery("SELECT position FROM picture WHERE id = :id AND state = 'queued'")
                .bind("id", id)
                .mapTo(Long.class)
                .findOne();
    }

    private void move(Handle h, String id, long place) {
        h.createUpdate("UPDATE picture SET position = :place, changed_at = :now WHERE id = :id")
                .bind("place", place)
                .bind("now", clock.millis())
                .bind("id", id)
                .execute();
    }

    /** Changes a picture that is in {@code state}; returns whether it was. */
    private boolean update(String id, String change, WorkState state, Map<String, ?> values) {
        String sql =
                "UPDATE picture SET %s, changed_at = :now WHERE id = :id AND state = :state"
                        .formatted(change);
        int changed =
                jdbi.withHandle(
                        h ->
                                h.createUpdate(sql)
                                        .bindMap(values)
                                        .bind("now", clock.millis())
                                        .bind("id", id)
                                        .bind("state", state.label())
                                        .execute());
        return changed == 1;
    }
}
