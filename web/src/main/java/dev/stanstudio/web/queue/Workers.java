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
 * The workers of this process. The scheduler keeps a turn for each waiting picture in the database,
 * with a heartbeat while it runs, and gives it to another worker when its process has died. A
 * worker with a turn draws the next picture of the queue. Thread-safe.
 */
public final class Workers implements AutoCloseable {
    private static final String TASK = "draw";
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration POLLING = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(30);

    /** The pause between a worker's heartbeats; after four missed ones it counts as dead. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final StudioContext studio;
    private final PictureWorker worker;
    private final PictureQueue queue;
    private final Scheduler scheduler;
    private final boolean working;

    /** Creates as many workers as the settings ask for; {@link #start} starts them. */
    public Workers(
            StudioContext studio, ModelCache models, PictureListener listener, Duration heartbeat) {
        this.studio = studio;
        this.worker = new PictureWorker(studio, models, listener);
        this.queue = new PictureQueue(studio.database(), studio.clock());
        this.working = studio.work().workers() > 0;
        int threads = Math.max(1, studio.work().workers());
        OneTimeTask<Void> task =
                Tasks.oneTime(TASK)
                        // A turn that has begun its picture comes before all others.
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

    /** Starts the workers, first with the pictures that an earlier process left. */
    public void start() {
        if (working) {
            scheduler.start();
        }
        wake();
    }

    /** Draws a picture, then replaces a turn whose picture another process claimed. */
    private void take(String turn) {
        worker.draw(turn);
        wake();
    }

    /** Adds the turns that waiting pictures lack, and begins at once. */
    public void wake() {
        PictureQueue.Depth depth = queue.depth();
        int missing = depth.paused() ? 0 : depth.queued() - turns();
        scheduler.scheduleBatch(
                IntStream.range(0, Math.max(0, missing))
                        .<TaskInstance<?>>mapToObj(
                                i -> new TaskInstance<>(TASK, UUID.randomUUID().toString())),
                TurnThreads.due(studio.clock()));
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
                                                """
                                                SELECT COUNT(*) FROM scheduled_tasks
                                                WHERE task_name = :task AND picked = :picked
                                                """)
                                        .bind("task", TASK)
                                        .bind("picked", false)
                                        .mapTo(Integer.class)
                                        .one());
    }

    /** Cancels a picture that waits or is being drawn, here or elsewhere. */
    public boolean cancel(String id) {
        boolean cancelled = queue.cancel(id);
        worker.cancel(id);
        return cancelled;
    }

    /** Puts the running pictures back into the queue and stops. */
    @Override
    public void close() {
        worker.stop();
        scheduler.stop();
    }
}
