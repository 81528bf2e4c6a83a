package dev.stanstudio.web.job;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.stanstudio.web.home.TurnThreads;
import dev.stanstudio.web.server.StudioContext;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
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

    /** Returns jobs of every kind that nobody dismissed, the newest first. */
    public List<Job> all(int most) {
        return table.all(most);
    }

    /** Returns the jobs that wait or run, the oldest first. */
    public List<Job> open() {
        return table.open();
    }

    /** Returns the jobs that run or wait before {@code job}; none if it does not wait. */
    public List<Job> ahead(Job job) {
        if (!job.state().isOpen() || job.state().isRunning()) {
            return List.of();
        }
        return open().stream().takeWhile(other -> !other.id().equals(job.id())).toList();
    }

    /** Returns the view of {@code job}. */
    public JobView view(Job job) {
        return JobView.of(job, ahead(job), clock);
    }

    /** Returns how many jobs there are of each state, by its label. */
    public Map<String, Integer> counts() {
        return table.counts();
    }

    /** Takes a job that has ended out of the lists; returns whether it was one. */
    public boolean dismiss(String id) {
        return table.dismiss(id);
    }

    /** Puts jobs in {@code folder} back into the lists. */
    public void undismiss(Path folder) {
        table.undismiss(folder);
    }

    /** Leads jobs in a folder that was moved to where it is, and to the page of their results. */
    public void moved(Path folder, Path now, String result) {
        table.moved(folder, now, result);
    }

    /** Leads to the page {@code now} from jobs whose results were on the page {@code before}. */
    public void renamed(String before, String now) {
        table.renamed(before, now);
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
