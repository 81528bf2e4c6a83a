package dev.stanstudio.web.job;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.stanstudio.web.home.TurnThreads;
import dev.stanstudio.web.server.StudioContext;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The queue of jobs, for pages that add, show and cancel them. Thread-safe. */
public final class Jobs {
    /** The scheduler's table of jobs; pictures have another. */
    static final String TURNS = "scheduled_jobs";

    private static final char MARK = '@';
    static final String TASK = "job";

    private final JobTable table;
    private final SchedulerClient turns;
    private final Clock clock;

    /** Opens the queue of {@code studio}. */
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
    public String add(JobRequest request) {
        String id = table.add(request);
        giveTurn(id);
        return id;
    }

    private void giveTurn(String turn) {
        turns.scheduleIfNotExists(new TaskInstance<>(TASK, turn), TurnThreads.due(clock));
    }

    /** Returns the id of the job that a turn is for. */
    static String jobOf(String turn) {
        int mark = turn.indexOf(MARK);
        return mark < 0 ? turn : turn.substring(0, mark);
    }

    /** Gives a turn to every waiting job that has none. */
    void schedule() {
        table.queued().forEach(job -> giveTurn(job.id()));
    }

    /** Returns the job with {@code id}, if there is one. */
    public Optional<Job> get(String id) {
        return table.get(id);
    }

    /** Returns jobs of a kind, the newest first. */
    public List<Job> newest(JobKind kind, int most) {
        return table.newest(kind, most);
    }

    /** Returns the job that waits or runs in {@code folder}, if there is one. */
    public Optional<Job> pendingIn(Path folder) {
        return table.pendingIn(folder);
    }

    /** Stops a job, at once if it waits and soon if it runs; returns whether it did either. */
    public boolean cancel(String id) {
        return table.cancel(id);
    }

    /** Resumes a failed or cancelled job; returns whether it was one. */
    public boolean resume(String id) {
        boolean resumed = table.resume(id);
        if (resumed) {
            // A new turn: the scheduler may not have removed the one that just ended.
            giveTurn(id + MARK + UUID.randomUUID());
        }
        return resumed;
    }
}
