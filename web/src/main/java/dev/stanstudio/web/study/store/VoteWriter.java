package dev.stanstudio.web.study.store;

import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.server.PageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

    private static final String INSERT =
            """
            INSERT INTO vote (study_id, rater_id, position, revision, choice, millis, viewport,
            voted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (rater_id, position, revision) DO NOTHING
            """;

    private final Database database;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Thread thread = new Thread(this::run, "studio-votes");
    private volatile boolean closed;

    private record Waiting(PendingVote cast, CompletableFuture<Void> done) {}

    /** Begins to write into {@code database}. */
    public VoteWriter(Database database) {
        this.database = database;
        thread.start();
    }

    /**
     * Appends {@code cast}. The future completes once it is committed, or fails with a {@link
     * PageException}: 409 when the trial has another answer, 410 when the study is locked, 503 when
     * it could not be saved; with a {@link PlaceLostException} when the rater's place went to
     * another. An answer that was taken back counts again when it is sent again.
     */
    public CompletableFuture<Void> append(PendingVote cast) {
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
        Set<String> open =
                kept(
                        handle,
                        "SELECT id FROM study WHERE locked_at IS NULL AND id IN (<ids>)",
                        batch.stream().map(w -> w.cast().rater().studyId()));
        Set<String> raters =
                kept(
                        handle,
                        "SELECT id FROM rater WHERE id IN (<ids>)",
                        batch.stream().map(w -> w.cast().rater().id()));
        List<Optional<PageException>> results = new ArrayList<>();
        List<Waiting> wanted = new ArrayList<>();
        for (Waiting waiting : batch) {
            Optional<PageException> refusal = refusal(waiting.cast(), open, raters);
            results.add(refusal);
            if (refusal.isEmpty()) {
                wanted.add(waiting);
            }
        }
        int[] added = insert(handle, wanted);
        int at = 0;
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).isEmpty() && added[at++] == 0) {
                results.set(i, settle(handle, batch.get(i).cast()));
            }
        }
        return results;
    }

    private static Optional<PageException> refusal(
            PendingVote cast, Set<String> open, Set<String> raters) {
        if (!open.contains(cast.rater().studyId())) {
            return Optional.of(locked());
        }
        return raters.contains(cast.rater().id())
                ? Optional.empty()
                : Optional.of(new PlaceLostException());
    }

    /** The rows among these that are there, and stay until the transaction ends. */
    private Set<String> kept(Handle handle, String query, Stream<String> ids) {
        return new HashSet<>(
                handle.createQuery(query + " ORDER BY id" + database.dialect().forShare())
                        .bindList("ids", ids.distinct().toList())
                        .mapTo(String.class)
                        .list());
    }

    private static int[] insert(Handle handle, List<Waiting> wanted) {
        if (wanted.isEmpty()) {
            return new int[0];
        }
        PreparedBatch insert = handle.prepareBatch(INSERT);
        for (Waiting waiting : wanted) {
            PendingVote c = waiting.cast();
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

    private record Newest(int revision, int choice) {}

    /** Compares a row that has the place of {@code cast} already. */
    private static Optional<PageException> settle(Handle handle, PendingVote cast) {
        Newest newest = newest(handle, cast);
        if (newest.choice() == VoteRow.UNDONE
                && cast.choice() != VoteRow.UNDONE
                && newest.revision() + 1 < VoteRow.MAX_REVISIONS) {
            // It was taken back and is given again: what is acknowledged has to stand.
            insertAfter(handle, cast, newest.revision());
            newest = newest(handle, cast);
        }
        return newest.choice() == cast.choice()
                ? Optional.empty()
                : Optional.of(
                        new PageException(
                                409,
                                "this comparison has your answer already; reload the page to go"
                                        + " on"));
    }

    private static void insertAfter(Handle handle, PendingVote c, int revision) {
        handle.createUpdate(INSERT)
                .bind(0, c.rater().studyId())
                .bind(1, c.rater().id())
                .bind(2, c.position())
                .bind(3, revision + 1)
                .bind(4, c.choice())
                .bind(5, c.millis())
                .bind(6, c.viewport())
                .bind(7, c.at())
                .execute();
    }

    private static Newest newest(Handle handle, PendingVote cast) {
        return handle.createQuery(
                        "SELECT revision, choice FROM vote WHERE rater_id = ? AND position = ?"
                                + " ORDER BY revision DESC LIMIT 1")
                .bind(0, cast.rater().id())
                .bind(1, cast.position())
                .map((rs, ctx) -> new Newest(rs.getInt(1), rs.getInt(2)))
                .one();
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
