package dev.stanstudio.web.job;

import dev.stanstudio.web.picture.Json;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.server.StudioContext;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** Jobs in the database. Every change is one statement. Thread-safe. */
final class JobTable {
    /** Number of times that a job is taken up again whose process has died. */
    private static final int MOST_REVIVALS = 2;

    private static final String SELECT = "SELECT * FROM job ";

    private final Jdbi jdbi;
    private final Clock clock;

    JobTable(StudioContext studio) {
        this.jdbi = studio.database().jdbi();
        this.clock = studio.clock();
    }

    String add(JobRequest order) {
        String id = UUID.randomUUID().toString();
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        "INSERT INTO job (id, owner, kind, title, commands, folder,"
                                            + " result, state, created_at, changed_at) VALUES (:id,"
                                            + " :owner, :kind, :title, :commands, :folder, :result,"
                                            + " 'queued', :now, :now)")
                                .bind("id", id)
                                .bind("owner", order.owner())
                                .bind("kind", order.kind().label())
                                .bind("title", order.title())
                                .bind("commands", Json.write(order.commands()))
                                .bind("folder", order.folder().toString())
                                .bind("result", order.result())
                                .bind("now", clock.millis())
                                .execute());
        return id;
    }

    Job get(String id) {
        return list("WHERE id = :id", query -> query.bind("id", id)).stream()
                .findFirst()
                .orElseThrow(() -> PageException.missing("there is no such job"));
    }

    /** The newest of a kind first. */
    List<Job> newest(JobKind kind, int most) {
        return list(
                "WHERE kind = :kind ORDER BY created_at DESC, id LIMIT :most",
                query -> query.bind("kind", kind.label()).bind("most", most));
    }

    List<Job> queued() {
        return list("WHERE state = 'queued' ORDER BY created_at, id", query -> query);
    }

    List<Job> changedSince(long time) {
        return list("WHERE changed_at >= :time", query -> query.bind("time", time));
    }

    Optional<Job> pendingIn(Path folder) {
        return list(
                        "WHERE folder = :folder AND state IN ('queued', 'running')",
                        query -> query.bind("folder", folder.toString()))
                .stream()
                .findFirst();
    }

    private interface Binding {
        Query bind(Query query);
    }

    private List<Job> list(String where, Binding binding) {
        return jdbi.withHandle(
                h ->
                        binding.bind(h.createQuery(SELECT + where))
                                .map((row, context) -> job(row))
                                .list());
    }

    private static Job job(ResultSet row) throws SQLException {
        return new Job(
                row.getString("id"),
                new JobRequest(
                        row.getString("owner"),
                        JobKind.of(row.getString("kind")),
                        row.getString("title"),
                        Arrays.asList(Json.read(row.getString("commands"), JobCommand[].class)),
                        Path.of(row.getString("folder")),
                        row.getString("result")),
                JobState.of(row.getString("state")),
                row.getInt("commands_done"),
                row.getLong("done"),
                row.getLong("total"),
                row.getString("said"),
                row.getLong("created_at"),
                row.getLong("changed_at"),
                row.getLong("started_at"),
                row.getLong("finished_at"));
    }

    /**
     * Begins a job, or goes on with one whose process has died: not if it was cancelled meanwhile,
     * and not for ever.
     */
    boolean begin(String id) {
        String begun = "state = 'running', started_at = :now, finished_at = NULL";
        if (change(id, begun + ", revived = 0", JobState.QUEUED)) {
            return true;
        }
        if (stopping(id)) {
            end(id, JobState.CANCELLED);
            return false;
        }
        if (revivals(id) < MOST_REVIVALS) {
            return change(id, begun + ", revived = revived + 1", JobState.RUNNING);
        }
        progress(
                id,
                new JobProgress(
                        0,
                        0,
                        "the studio ended "
                                + (MOST_REVIVALS + 1)
                                + " times while it did this; let it go on to try once more"));
        end(id, JobState.FAILED);
        return false;
    }

    private int revivals(String id) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT revived FROM job WHERE id = :id")
                                .bind("id", id)
                                .mapTo(Integer.class)
                                .findOne()
                                .orElse(0));
    }

    boolean stopping(String id) {
        return jdbi.withHandle(
                h ->
                        h.createQuery("SELECT cancelled FROM job WHERE id = :id")
                                        .bind("id", id)
                                        .mapTo(Integer.class)
                                        .findOne()
                                        .orElse(1)
                                == 1);
    }

    void progress(String id, JobProgress progress) {
        jdbi.useHandle(
                h ->
                        h.createUpdate(
                                        "UPDATE job SET done = :done, total = :total, said = :said,"
                                                + " changed_at = :now WHERE id = :id AND state ="
                                                + " 'running'")
                                .bind("done", progress.done())
                                .bind("total", progress.total())
                                .bind("said", progress.said())
                                .bind("now", clock.millis())
                                .bind("id", id)
                                .execute());
    }

    /** So many commands have ended well; may be said twice. */
    void commandsDone(String id, int count) {
        change(id, "commands_done = " + count + ", done = 0, total = 0", JobState.RUNNING);
    }

    void end(String id, JobState state) {
        change(
                id,
                "state = '" + state.label() + "', finished_at = :now, cancelled = 0",
                JobState.RUNNING);
    }

    /** It waits again, for whoever goes on. */
    void giveBack(String id) {
        change(id, "state = 'queued'", JobState.RUNNING);
    }

    boolean cancel(String id) {
        return change(id, "state = 'cancelled', finished_at = :now", JobState.QUEUED)
                || change(id, "cancelled = 1", JobState.RUNNING);
    }

    boolean again(String id) {
        return change(
                id,
                "state = 'queued', cancelled = 0, started_at = NULL, finished_at = NULL",
                JobState.FAILED,
                JobState.CANCELLED);
    }

    private boolean change(String id, String change, JobState... states) {
        List<String> labels = Arrays.stream(states).map(JobState::label).toList();
        return jdbi.withHandle(
                        h ->
                                h.createUpdate(
                                                "UPDATE job SET changed_at = :now, "
                                                        + change
                                                        + " WHERE id = :id AND state IN (<states>)")
                                        .bindList("states", labels)
                                        .bind("now", clock.millis())
                                        .bind("id", id)
                                        .execute())
                == 1;
    }
}
