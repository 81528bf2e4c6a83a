package dev.stanstudio.web.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.web.home.TurnThreads;
import dev.stanstudio.web.server.Problems;
import dev.stanstudio.web.server.StudioContext;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Runs jobs one at a time. The scheduler keeps a turn for each in the database, with a heartbeat
 * while it runs, and gives it to another process when its own has died.
 */
final class JobWorkers implements AutoCloseable {
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration POLLING = Duration.ofSeconds(1);
    private static final Duration LONGEST_CLOSE =
            Duration.ofMillis(2 * StudioCommand.GRACE_MILLIS + 5_000);

    private final JobRunner runner;
    private final Scheduler scheduler;
    private final Jobs jobs;
    private final boolean working;

    JobWorkers(StudioContext studio, Jobs jobs, Duration heartbeat) {
        this.runner = new JobRunner(new JobTable(studio));
        this.jobs = jobs;
        this.working = studio.work().workers() > 0;
        OneTimeTask<Void> task =
                Tasks.oneTime(Jobs.TASK)
                        // A begun job is resumed before a waiting one begins.
                        .onDeadExecution(
                                (complete, turn) -> turn.reschedule(complete, Instant.EPOCH))
                        .onFailure((complete, turn) -> turn.reschedule(complete, Instant.EPOCH))
                        .execute((turn, context) -> runner.run(Jobs.jobOf(turn.getId())));
        this.scheduler =
                Scheduler.create(studio.database().source(), task)
                        .tableName(Jobs.TURNS)
                        .threads(1)
                        .executorService(new TurnThreads(1, Problems.shared()::note))
                        .pollingInterval(POLLING)
                        .heartbeatInterval(heartbeat)
                        .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                        .shutdownMaxWait(LONGEST_CLOSE)
                        .schedulerName(new SchedulerName.Fixed(UUID.randomUUID().toString()))
                        .alwaysPersistTimestampInUTC()
                        .build();
    }

    /** Starts to run jobs, first those that an earlier process left. */
    void start() {
        jobs.schedule();
        if (working) {
            scheduler.start();
        }
    }

    /** Asks the running command to save and end; its job waits again. */
    @Override
    public void close() {
        runner.stop();
        scheduler.stop();
    }
}
