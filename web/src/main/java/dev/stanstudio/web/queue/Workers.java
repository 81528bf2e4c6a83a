package dev.stanstudio.web.queue;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.stanstudio.web.home.TurnThreads;
import dev.stanstudio.web.library.ModelCache;
import dev.stanstudio.web.server.Problems;
import dev.stanstudio.web.server.StudioContext;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The workers of this process. The scheduling library hands out turns: one for each waiting
 * picture, kept in the database, with a heartbeat while it runs, and given to another worker when
 * its process has died. Whoever gets a turn draws what the queue says is next. Thread-safe.
 */
public final class Workers implements AutoCloseable {
    private static final String TASK = "draw";
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration POLLING = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(30);

    /** How often a worker says that it lives; after four times as long without, it is dead. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final StudioContext studio;
    private final PictureWorker painter;
    private final PictureQueue queue;
    private final Scheduler scheduler;
    private final boolean working;

    /** Workers as many as the studio's settings say; they begin with {@link #start}. */
    public Workers(
            StudioContext studio, ModelCache room, PictureListener watch, Duration heartbeat) {
        this.studio = studio;
        this.painter = new PictureWorker(studio, room, watch);
        this.queue = new PictureQueue(studio.database(), studio.clock());
        this.working = studio.work().workers() > 0;
        int threads = Math.max(1, studio.work().workers());
        OneTimeTask<Void> task =
                Tasks.oneTime(TASK)
                        // Its picture says that it is being drawn, so it comes before all others.
                        .onDeadExecution(
                                (complete, turn) -> turn.reschedule(complete, Instant.EPOCH))
                        .onFailure((complete, turn) -> turn.reschedule(complete, Instant.EPOCH))
                        .execute((turn, context) -> take(turn.getId()));
        this.scheduler =
                Scheduler.create(studio.database().source(), task)
                        .threads(threads)
                        .executorService(new TurnThreads(threads, Problems.shared()::note))
                        .pollingInterval(POLLING)
                        .heartbeatInterval(heartbeat)
                        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                        .shutdownMaxWait(LONGEST_CLOSE)
                        .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
                        .alwaysPersistTimestampInUTC()
                        .build();
    }

    /** Begins to work, with what an earlier process left. */
    public void start() {
        if (working) {
            scheduler.start();
        }
        wake();
    }

    /** A turn that other processes snatched a picture from would be one too few. */
    private void take(String turn) {
        painter.draw(turn);
        wake();
    }

    /** Makes sure that there is a turn for every waiting picture, and begins at once. */
    public void wake() {
        PictureQueue.Depth depth = queue.depth();
        int missing = depth.paused() ? 0 : depth.queued() - turns();
        scheduler.scheduleBatch(
                IntStream.range(0, Math.max(0, missing))
                        .<TaskInstance<?>>mapToObj(
                                i -> new TaskInstance<>(TASK, UUID.randomUUID().toString())),
                studio.clock().instant());
        if (working) {
            scheduler.triggerCheckForDueExecutions();
        }
    }

    private int turns() {
        return studio.database()
                .jdbi()
                .withHandle(
                        h ->
                                h.createQuery(
                                                "SELECT COUNT(*) FROM scheduled_tasks WHERE"
                                                        + " task_name = :task AND picked = :picked")
                                        .bind("task", TASK)
                                        .bind("picked", false)
                                        .mapTo(Integer.class)
                                        .one());
    }

    /** Cancels a picture that waits or is being drawn, here or elsewhere. */
    public boolean cancel(String id) {
        boolean cancelled = queue.cancel(id);
        painter.cancel(id);
        return cancelled;
    }

    /** Lets the pictures being drawn go back into the queue and ends. */
    @Override
    public void close() {
        painter.stop();
        scheduler.stop();
    }
}
