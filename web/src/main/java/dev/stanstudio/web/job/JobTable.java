package dev.stanstudio.web.job;

import dev.stanstudio.web.home.JsonText;
import dev.stanstudio.web.home.WorkState;
import dev.stanstudio.web.server.StudioContext;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/** Stores jobs in the database. Every change is one statement. Thread-safe. */
final class JobTable {
    /** A job whose process died is resumed so many times. */
    private static final int MOST_REVIVALS = 2;

    private static final RowMapper<Job> ROW = ConstructorMapper.of(Job.class);

    private final Jdbi jdbi;
    private final Clock clock;

    JobTable(StudioContext studio) {
        this.jdbi = studio.database().jdbi();
        this.clock = studio.clock();
    }

    /** Stores a new job that waits; returns its id. */
    String add(JobRequest request) {
        String sql =
                """
                INSERT INTO job (id, owner, kind, title, commands, folder, result, state,
                    created_at, changed_at)
                VALUES (:id, :owner, :kind, :title, :commands, :folder, :result, 'queued',
                    :now, :now)
                """;
        String id = UUID.randomUUID().toString();
        jdbi.useHandle(
                h ->
                        h.createUpdate(sql)
                                .bind("id", id)
                                .bind("owner", request.owner())
                                .bind("kind", request.kind().label())
                                .bind("title", request.title())
                                .bind("commands", JsonText.write(request.commands()))
                                .bind("folder", request.folder())
                                .bind("result", request.result())
                                .bind("now", clock.millis())
                                .execute());
        return id;
    }

    Optional<Job> get(String id) {
        return list("WHERE id = :id", query -> query.bind("id", id)).stream().findFirst();
    }

    /** Returns jobs of a kind, the newest first. */
    List<Job> newest(JobKind kind, int most) {
        return list(
                "WHERE kind = :kind AND dismissed = 0 ORDER BY created_at DESC, id LIMIT :most",
                query -> query.bind("kind", kind.label()).bind("most", most));
    }

    /** Returns jobs of every kind that nobody dismissed, the newest first. */
    List<Job> all(int most) {
        return list(
                "WHERE dismissed = 0 ORDER BY created_at DESC, id LIMIT :most",
                query -> query.bind("most", most));
    }

    /** Returns the jobs that wait or run, the oldest first. */
    List<Job> open() {
        return list(
                "WHERE state IN ('queued', 'running') ORDER BY created_at, id", query -> query);
    }

    /** Returns how many jobs of each state nobody has dismissed. */
    Map<String, Integer> counts() {
        return jdbi.withHandle(
                h ->
                        h.createQuery(
                                        """
                                        SELECT state, COUNT(*) AS jobs
                                        FROM job
                                        WHERE dismissed = 0
                                        GROUP BY state
                                        """)
                                .reduceRows(
                                        new HashMap<>(),
                                        (counts, row) -> {
                                            counts.put(
                                                    row.getColumn("state", String.class),
                                                    row.getColumn("jobs", Integer.class));
                                            return counts;
                                        }));
    }

    /** Takes a job that has ended out of the lists; returns whether it was one. */
    boolean dismiss(String id) {
        return change(
                id, "dismissed = 1", WorkState.DONE, WorkState.FAILED, WorkState.CANCELLED);
    }

    /** Puts jobs in {@code folder} back into the lists. */
    void undismiss(Path folder) {
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        """
                                        UPDATE job SET dismissed = 0, changed_at = :now
                                        WHERE folder = :folder
                                        """)
                                .bind("folder", folder)
                                .bind("now", clock.millis())
                                .execute());
    }

    /** Leads jobs in {@code folder} to where it is now. */
    void moved(Path folder, Path now, String result) {
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        """
                                        UPDATE job
                                        SET folder = :moved, result = :result, changed_at = :now
                                        WHERE folder = :folder
                                        """)
                                .bind("folder", folder)
                                .bind("moved", now)
                                .bind("result", result)
                                .bind("now", clock.millis())
                                .execute());
    }

    /** Leads to the page {@code now} from jobs whose results were on the page {@code before}. */
    void renamed(String before, String now) {
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        "UPDATE job SET result = :now WHERE result = :before")
                                .bind("before", before)
                                .bind("now", now)
                                .execute());
    }

    Clock clock() {
        return clock;
    }

    /** Returns the waiting jobs, the oldest first. */
    List<Job> queued() {
        return list("WHERE state = 'queued' ORDER BY created_at, id", query -> query);
    }

    List<Job> changedSince(Instant time) {
        return list("WHERE changed_at >= :time", query -> query.bind("time", time));
    }

    Optional<Job> pendingIn(Path folder) {
        return list(
                        "WHERE folder = :folder AND state IN ('queued', 'running')",
                        query -> query.bind("folder", folder))
                .stream()
                .findFirst();
    }

    private interface Binding {
        Query bind(Query query);
    }

    private List<Job> list(String where, Binding binding) {
        return jdbi.withHandle(
                h -> binding.bind(h.createQuery("SELECT * FROM job " + where)).map(ROW).list());
    }

    /**
     * Begins a waiting job, or resumes one whose process died unless it was cancelled meanwhile or
     * was resumed too often; returns whether it is to be run.
     */
    boolean begin(String id) {
        String begun = "state = 'running', started_at = :now, finished_at = NULL";
        if (change(id, begun + ", revived = 0", WorkState.QUEUED)) {
            return true;
        }
        if (stopping(id)) {
            end(id, WorkState.CANCELLED);
            return false;
        }
        if (number(id, "revived", 0) < MOST_REVIVALS) {
            return change(id, begun + ", revived = revived + 1", WorkState.RUNNING);
        }
        String reason =
                "the studio ended %d times while it did this; let it go on to try once more";
        progress(id, JobProgress.saying(reason.formatted(MOST_REVIVALS + 1)));
        end(id, WorkState.FAILED);
        return false;
    }

    /** Returns whether a job was cancelled while it ran, or is gone. */
    boolean stopping(String id) {
        return number(id, "cancelled", 1) == 1;
    }

    private int number(String id, String column, int otherwise) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT %s FROM job WHERE id = :id".formatted(column))
                                .bind("id", id)
                                .mapTo(Integer.class)
                                .findOne()
                                .orElse(otherwise));
    }

    /** Stores the progress of the current command of a running job. */
    void progress(String id, JobProgress progress, List<JobPhase> phases) {
        change(
                id,
                "phases = :phases, done = :done, total = :total, said = :said",
                update ->
                        update.bind("phases", JsonText.write(phases))
                                .bind("done", progress.done())
                                .bind("total", progress.total())
                                .bind("said", progress.said()),
                WorkState.RUNNING);
    }

    /** Stores what a running job says. */
    void progress(String id, JobProgress progress) {
        change(
                id,
                "done = :done, total = :total, said = :said",
                update ->
                        update.bind("done", progress.done())
                                .bind("total", progress.total())
                                .bind("said", progress.said()),
                WorkState.RUNNING);
    }

    /** Stores that {@code count} commands have succeeded; safe to repeat. */
    void commandsDone(String id, int count) {
        change(
                id,
                "commands_done = :count, done = 0, total = 0",
                update -> update.bind("count", count),
                WorkState.RUNNING);
    }

    /** Stores that the commands of a running job cannot succeed as they are. */
    void hopeless(String id) {
        change(id, "hopeless = 1", WorkState.RUNNING);
    }

    void end(String id, WorkState state) {
        change(
                id,
                "state = :state, finished_at = :now, cancelled = 0",
                update -> update.bind("state", state.label()),
                WorkState.RUNNING);
    }

    /** Puts a running job back into the queue, for any process to resume. */
    void giveBack(String id) {
        change(id, "state = 'queued'", WorkState.RUNNING);
    }

    boolean cancel(String id) {
        return change(id, "state = 'cancelled', finished_at = :now", WorkState.QUEUED)
                || change(id, "cancelled = 1", WorkState.RUNNING);
    }

    /** Puts a failed or cancelled job into the queue. */
    boolean resume(String id) {
        return change(
                id,
                "state = 'queued', cancelled = 0, hopeless = 0, phases = '[]', started_at = NULL,"
                        + " finished_at = NULL",
                WorkState.FAILED,
                WorkState.CANCELLED);
    }

    private interface Values {
        Update bind(Update update);
    }

    private boolean change(String id, String change, WorkState... from) {
        return change(id, change, update -> update, from);
    }

    /** Changes a job that is in one of the states {@code from}; returns whether it was. */
    private boolean change(String id, String change, Values values, WorkState... from) {
        String sql =
                """
                UPDATE job SET changed_at = :now, %s
                WHERE id = :id AND state IN (<states>)
                """
                        .formatted(change);
        List<String> states = Arrays.stream(from).map(WorkState::label).toList();
        int changed =
                jdbi.withHandle(
                        h ->
                                values.bind(h.createUpdate(sql))
                                        .bindList("states", states)
                                        .bind("now", clock.millis())
                                        .bind("id", id)
                                        .execute());
        return changed == 1;
    }
}
