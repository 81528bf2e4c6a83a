package dev.stanstudio.web.job;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.stanstudio.web.server.StudioContext;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The queue of jobs, for whoever asks for them and shows them. Thread-safe. */
public final class Jobs {
    /** The library's table, apart from that of pictures. */
    static final String TURNS = "scheduled_jobs";

    private static final char MARK = '@';
    static final String TASK = "job";

    private final JobTable table;
    private final SchedulerClient turns;
    private final Clock clock;

    /** The jobs of {@code studio}. */
    public Jobs(StudioContext studio) {
        this.table = new JobTable(studio);
        this.clock = studio.clock();
        this.turns =
                SchedulerClient.Builder.create(studio.database().source()).tableName(TURNS).build();
    }

    /**
     * Puts a job at the end of the queue.
     *
     * @return its id
     */
    public String add(JobRequest order) {
        String id = table.add(order);
        giveTurn(id);
        return id;
    }

    private void giveTurn(String turn) {
        turns.scheduleIfNotExists(new TaskInstance<>(TASK, turn), clock.instant());
    }

    /** The job that a turn is for. */
    static String jobOf(String turn) {
        int mark = turn.indexOf(MARK);
        return mark < 0 ? turn : turn.substring(0, mark);
    }

    /** Makes sure that every waiting job has a turn. */
    void wake() {
        table.queued().forEach(job -> giveTurn(job.id()));
    }

    /**
     * A job.
     *
     * @throws dev.stanstudio.web.server.PageException with status 404 if there is none
     */
    public Job get(String id) {
        return table.get(id);
    }

    /** Jobs of a kind, the newest first. */
    public List<Job> newest(JobKind kind, int most) {
        return table.newest(kind, most);
    }

    /** The job that waits or runs in {@code folder}, if there is one. */
    public Optional<Job> pendingIn(Path folder) {
        return table.pendingIn(folder);
    }

    /** Stops a job, at once if it waits and soon if it runs; says whether it did either. */
    public boolean cancel(String id) {
        return table.cancel(id);
    }

    /** Lets a failed or cancelled job go on; says whether it was one. */
    public boolean again(String id) {
        boolean again = table.again(id);
        if (again) {
            // A turn of its own: the scheduler may still be taking back the one that just ended.
            giveTurn(id + MARK + UUID.randomUUID());
        }
        return again;
    }
}
