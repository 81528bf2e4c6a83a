package dev.stanstudio.web.study.store;

import dev.stanstudio.web.home.Database;
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
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Appends votes. One thread takes all waiting votes and commits them together, so that they share
 * one wait for the disk; a vote is acknowledged after the commit. The database decides which votes
 * are new: a vote that it has is acknowledged again, another answer to the same trial is refused.
 * Thread-safe.
 */
public final class VoteWriter implements AutoCloseable {
    private static final int MAX_BATCH = 500;
    private static final int MAX_WAITING = 20_000;
    private static final long POLL_MILLIS = 100;

    private static final String INSERT =
            """
            INSERT INTO vote (study_id, rater_id, position, revision, choice, millis, viewport,
                voted_at)
            VALUES (:study, :rater, :position, :revision, :choice, :millis, :viewport, :at)
            ON CONFLICT (rater_id, position, revision) DO NOTHING
            """;

    private static final String OPEN_STUDIES =
            """
            SELECT id FROM study WHERE locked_at IS NULL AND id IN (<ids>) ORDER BY id
            """;

    private static final String PRESENT_RATERS =
            """
            SELECT id FROM rater WHERE id IN (<ids>) ORDER BY id
            """;

    private static final String NEWEST =
            """
            SELECT revision, choice FROM vote
            WHERE rater_id = :rater AND position = :position
            ORDER BY revision DESC LIMIT 1
            """;

    private final Database database;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Thread thread = new Thread(this::run, "studio-votes");
    private volatile boolean closed;

    private record Waiting(PendingVote vote, CompletableFuture<Void> done) {}

    /** The newest row of a trial. */
    record Newest(int revision, int choice) {}

    /** Starts the thread that writes into {@code database}. */
    public VoteWriter(Database database) {
        this.database = database;
        thread.start();
    }

    /**
     * Appends {@code vote}. The future completes once the vote is committed, or fails with a {@link
     * VoteRefusedException}. An answer that was taken back counts again when it is sent again.
     */
    public CompletableFuture<Void> append(PendingVote vote) {
        Waiting waiting = new Waiting(vote, new CompletableFuture<>());
        if (closed || !queue.offer(waiting)) {
            waiting.done().completeExceptionally(refusal(VoteRefusedException.Reason.NOT_SAVED));
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
        List<Optional<VoteRefusedException>> results;
        try {
            results = database.jdbi().inTransaction(handle -> append(handle, batch));
        } catch (RuntimeException | Error e) {
            // Errors too: no other thread saves votes.
            VoteRefusedException unsaved =
                    new VoteRefusedException(VoteRefusedException.Reason.NOT_SAVED, e);
            batch.forEach(waiting -> waiting.done().completeExceptionally(unsaved));
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            CompletableFuture<Void> done = batch.get(i).done();
            results.get(i).ifPresentOrElse(done::completeExceptionally, () -> done.complete(null));
        }
    }

    private List<Optional<VoteRefusedException>> append(Handle handle, List<Waiting> batch) {
        List<PendingVote> votes = batch.stream().map(Waiting::vote).toList();
        Set<String> studies =
                locked(handle, OPEN_STUDIES, votes.stream().map(vote -> vote.rater().studyId()));
        Set<String> raters =
                locked(handle, PRESENT_RATERS, votes.stream().map(vote -> vote.rater().id()));
        List<Optional<VoteRefusedException>> results = new ArrayList<>();
        List<PendingVote> accepted = new ArrayList<>();
        for (PendingVote vote : votes) {
            Optional<VoteRefusedException> refusal = refusal(vote, studies, raters);
            results.add(refusal);
            if (refusal.isEmpty()) {
                accepted.add(vote);
            }
        }
        int[] added = insert(handle, accepted);
        int next = 0;
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).isEmpty() && added[next++] == 0) {
                results.set(i, compareWithStored(handle, votes.get(i)));
            }
        }
        return results;
    }

    private static Optional<VoteRefusedException> refusal(
            PendingVote vote, Set<String> studies, Set<String> raters) {
        if (!studies.contains(vote.rater().studyId())) {
            return Optional.of(refusal(VoteRefusedException.Reason.LOCKED));
        }
        return raters.contains(vote.rater().id())
                ? Optional.empty()
                : Optional.of(refusal(VoteRefusedException.Reason.PLACE_LOST));
    }

    private static VoteRefusedException refusal(VoteRefusedException.Reason reason) {
        return new VoteRefusedException(reason);
    }

    /** Returns the rows that exist, which nobody can change until the transaction ends. */
    private Set<String> locked(Handle handle, String query, Stream<String> ids) {
        return new HashSet<>(
                handle.createQuery(query + database.dialect().forShare())
                        .bindList("ids", ids.distinct().toList())
                        .mapTo(String.class)
                        .list());
    }

    private static int[] insert(Handle handle, List<PendingVote> votes) {
        if (votes.isEmpty()) {
            return new int[0];
        }
        PreparedBatch insert = handle.prepareBatch(INSERT);
        votes.forEach(vote -> bind(insert, vote, vote.revision()).add());
        return insert.execute();
    }

    private static <S extends SqlStatement<S>> S bind(S insert, PendingVote vote, int revision) {
        return insert.bind("study", vote.rater().studyId())
                .bind("rater", vote.rater().id())
                .bind("position", vote.position())
                .bind("revision", revision)
                .bind("choice", vote.choice())
                .bind("millis", vote.millis())
                .bind("viewport", vote.viewport())
                .bind("at", vote.at());
    }

    /** Compares a vote whose row exists with what the trial's newest row says. */
    private static Optional<VoteRefusedException> compareWithStored(
            Handle handle, PendingVote vote) {
        Newest newest = newest(handle, vote);
        if (newest.choice() == VoteRow.UNDONE
                && vote.choice() != VoteRow.UNDONE
                && newest.revision() + 1 < VoteRow.MAX_REVISIONS) {
            // The answer was taken back and is sent again: an acknowledged answer has to count.
            bind(handle.createUpdate(INSERT), vote, newest.revision() + 1).execute();
            newest = newest(handle, vote);
        }
        return newest.choice() == vote.choice()
                ? Optional.empty()
                : Optional.of(refusal(VoteRefusedException.Reason.ANSWERED));
    }

    private static Newest newest(Handle handle, PendingVote vote) {
        return handle.createQuery(NEWEST)
                .bind("rater", vote.rater().id())
                .bind("position", vote.position())
                .map(ConstructorMapper.of(Newest.class))
                .one();
    }

    /** Writes the waiting votes, then ends the thread. */
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
