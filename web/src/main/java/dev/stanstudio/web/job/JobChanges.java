package dev.stanstudio.web.job;

import dev.stanstudio.web.server.EventBroadcaster;
import dev.stanstudio.web.server.StudioContext;
import io.javalin.http.sse.SseClient;
import java.time.Instant;

/**
 * Broadcasts changes of jobs to every open page, as server-sent events {@code job} with the job's
 * id and state. Changes are read from the database, so those of other machines are seen too.
 * Thread-safe.
 */
final class JobChanges implements AutoCloseable {
    private static final String ALIVE = "alive";

    private final JobTable table;
    private final EventBroadcaster clients;

    JobChanges(StudioContext studio) {
        this.table = new JobTable(studio);
        this.clients = new EventBroadcaster(studio.clock(), this::send);
    }

    void start() {
        clients.start();
    }

    /** Adds a page that receives changes from now on. */
    void add(SseClient client) {
        clients.add(client, ALIVE, "");
    }

    private void send(Instant since, boolean silent) {
        boolean sent = false;
        for (Job job : table.changedSince(since)) {
            if (clients.isNew(job.id(), job.changed())) {
                clients.send("job", job.id(), job.id() + " " + job.state().label());
                sent = true;
            }
        }
        if (silent && !sent) {
            clients.send(ALIVE, ALIVE, "");
        }
    }

    @Override
    public void close() {
        clients.close();
    }
}
