package dev.stanstudio.web.job;

import dev.stanstudio.web.server.EventBroadcaster;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.http.sse.SseClient;

/**
 * Tells every open page which jobs changed, by server-sent events {@code job} with the job's id and
 * state. Changes are read from the database, so those of other machines are seen too. Thread-safe.
 */
final class JobChanges implements AutoCloseable {
    private static final int SENDERS = 2;
    private static final String ALIVE = "alive";

    private final JobTable table;
    private final EventBroadcaster viewers;

    JobChanges(StudioContext studio) {
        this.table = new JobTable(studio);
        this.viewers = new EventBroadcaster(studio.clock(), SENDERS, this::tell);
    }

    void start() {
        viewers.start();
    }

    /** A page that wants to be told. */
    void add(SseClient client) {
        viewers.add(client, ALIVE, "");
    }

    private void tell(long since, boolean silent) {
        boolean told = false;
        for (Job job : table.changedSince(since)) {
            if (viewers.isNew(job.id(), job.changedAt())) {
                viewers.send("job", job.id(), job.id() + " " + job.state().label());
                told = true;
            }
        }
        if (silent && !told) {
            viewers.send(ALIVE, ALIVE, "");
        }
    }

    @Override
    public void close() {
        viewers.close();
    }
}
