package dev.stanstudio.web.study.store;

import dev.stanstudio.web.database.Database;
import dev.stanstudio.web.server.PageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Appends votes. One thread takes all that wait and commits them together, so that a commit's wait
 * for the disk is shared; a vote is acknowledged after the commit. The database decides what is
 * new: a vote that is there already is acknowledged again, one that says something else is refused.
 * Thread-safe.
 */
public final class VoteWriter implements AutoCloseable {
    private static final int MAX_BATCH = 500;
    private static final int MAX_WAITING = 20_000;
    private static final long POLL_MILLIS = 100;

    private final Database database;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Thread thread = new Thread(this::run, "studio-votes");
    private volatile boolean closed;

    private record Waiting(Cast cast, CompletableFuture<Void> done) {}

    /** Begins to write into {@code database}. */
    public VoteWriter(Database database) {
        this.database = database;
        thread.start();
    }

    /**
     * Appends {@code cast}. The future completes once it is committed, or fails with a {@link
     * PageException}: 409 when the trial has another answer, 410 when the study is locked, 503 when
     * it could not be saved.
     */
    public CompletableFuture<Void> append(Cast cast) {
        Waiting waiting = new Waiting(cast, new CompletableFuture<>());
        if (closed || !queue.offer(waiting)) {
            waiting.done().completeExceptionally(unsaved(null));
        }
        return waiting.done();
    }

    private void run() {
        while (!closed || !queue.isEmpty()) {
            List<Waiting> batch = new ArrayList<>();
            try {
                Waiting first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
            } catch (InterruptedException e) {
                continue; // Only close() ends this thread, since votes may wait.
            }
            queue.drainTo(batch, MAX_BATCH - 1);
            write(batch);
        }
    }

    private void write(List<Waiting> batch) {
        List<Optional<PageException>> results;
        try {
            results = database.jdbi().inTransaction(handle -> append(handle, batch));
        } catch (RuntimeException | Error e) {
            // An Error too: this thread is the only one that saves votes.
            batch.forEach(waiting -> waiting.done().completeExceptionally(unsaved(e)));
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            CompletableFuture<Void> done = batch.get(i).done();
            results.get(i).ifPresentOrElse(done::completeExceptionally, () -> done.complete(null));
        }
    }

    private List<Optional<PageException>> append(Handle handle, List<Waiting> batch) {
        Set<String> open = open(handle, batch);
        List<Waiting> wanted =
                batch.stream().filter(w -> open.contains(w.cast().rater().studyId())).toList();
        int[] added = insert(handle, wanted);
        List<Optional<PageException>> results = new ArrayList<>();
        int at = 0;
        for (Waiting waiting : batch) {
            if (!open.contains(waiting.cast().rater().studyId())) {
                results.add(Optional.of(locked()));
            } else if (added[at++] == 1) {
                results.add(Optional.empty());
            } else {
                results.add(compare(handle, waiting.cast()));
            }
        }
        return results;
    }

    private Set<String> open(Handle handle, List<Waiting> batch) {
        Set<String> studies = new HashSet<>();
        batch.forEach(waiting -> studies.add(waiting.cast().rater().studyId()));
        return new HashSet<>(
                handle.createQuery(
                                "SELECT id FROM study WHERE locked_at IS NULL AND id IN (<ids>)"
                                        + " ORDER BY id"
                                        + database.dialect().forShare())
                        .bindList("ids", List.copyOf(studies))
                        .mapTo(String.class)
                        .list());
    }

    private static int[] insert(Handle handle, List<Waiting> wanted) {
        if (wanted.isEmpty()) {
            return new int[0];
        }
        PreparedBatch insert =
                handle.prepareBatch(
                        "INSERT INTO vote (study_id, rater_id, position, revision, choice, millis,"
                                + " viewport, voted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT"
                                + " (rater_id, position, revision) DO NOTHING");
        for (Waiting waiting : wanted) {
            Cast c = waiting.cast();
            insert.add(
                    c.rater().studyId(),
                    c.rater().id(),
                    c.position(),
                    c.revision(),
                    c.choice(),
                    c.millis(),
                    c.viewport(),
                    c.at());
        }
        return insert.execute();
    }

    private static Optional<PageException> compare(Handle handle, Cast cast) {
        int known =
                handle.createQuery(
                                "SELECT choice FROM vote WHERE rater_id = ? AND position = ? AND"
                                        + " revision = ?")
                        .bind(0, cast.rater().id())
                        .bind(1, cast.position())
                        .bind(2, cast.revision())
                        .mapTo(Integer.class)
                        .one();
        return known == cast.choice()
                ? Optional.empty()
                : Optional.of(
                        new PageException(
                                409,
                                "this comparison has your answer already; reload the page to go"
                                        + " on"));
    }

    private static PageException locked() {
        return new PageException(410, "this study is closed, so the vote was not counted");
    }

    private static PageException unsaved(@org.jspecify.annotations.Nullable Throwable cause) {
        PageException e = new PageException(503, "the vote could not be saved; it is tried again");
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
