package dev.stanstudio.web.job;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.ProgressLine;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.Outage;
import dev.stanstudio.web.home.WorkState;
import dev.stanstudio.web.server.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Runs the commands of jobs one after another, each in a process of its own, so that a command's
 * memory and tensor engine are not the server's. Thread-safe.
 */
final class JobRunner {
    private static final Duration POLL = Duration.ofMillis(500);

    /** Exit code of a process that SIGTERM ended. */
    private static final int TERMINATED = 143;

    /** Exit codes of processes that a signal ended are this and the signal's number. */
    private static final int SIGNALLED = 128;

    /** A longer outage stops the command, before another process takes the job over. */
    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(15);

    private final JobTable table;
    private volatile boolean closing;

    JobRunner(JobTable table) {
        this.table = table;
    }

    /** Asks commands to save and end; their jobs wait again. */
    void stop() {
        closing = true;
    }

    /**
     * Runs a job, or its remaining commands.
     *
     * @throws CancellationException if the process is about to end; the job waits again
     */
    void run(String id) {
        if (closing) {
            throw new CancellationException("the studio is closing");
        }
        if (!table.begin(id)) {
            return; // cancelled while it waited, or given up
        }
        try {
            WorkState ended = table.get(id).map(this::commands).orElse(WorkState.CANCELLED);
            written(() -> table.end(id, ended));
        } catch (CancellationException e) {
            written(() -> table.giveBack(id));
            throw e; // the turn stays for the process that resumes it
        } catch (UserException e) {
            fail(id, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            if (Database.away(e)) {
                written(() -> table.giveBack(id));
                throw e;
            }
            String number = Problems.shared().report("job " + id, e);
            fail(id, "unexpected %s (%s)".formatted(e, number));
        }
    }

    private void fail(String id, String reason) {
        written(() -> table.progress(id, JobProgress.saying(reason)));
        written(() -> table.end(id, WorkState.FAILED));
    }

    /** Writes a change of a job, as soon as the database is back if it is away. */
    private void written(Runnable write) {
        Outage.outlast(write, () -> closing);
    }

    private WorkState commands(Job job) {
        JobOutput output = JobOutput.following(job.output(), table.clock());
        for (int i = job.commandsDone(); i < job.request().commands().size(); i++) {
            JobCommand command = job.request().commands().get(i);
            if (!JobResult.isThere(job, command)) {
                WorkState ended = command(job, command, output);
                if (!ended.isDone()) {
                    return ended;
                }
            }
            int done = i + 1;
            written(() -> table.commandsDone(job.id(), done));
        }
        return WorkState.DONE;
    }

    private WorkState command(Job job, JobCommand command, JobOutput output) {
        command.requireInputs();
        Process process = start(job, command);
        try {
            Watch watch = new Watch(job, output);
            while (!process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                if (closing) {
                    throw new CancellationException("the studio is closing");
                }
                if (watch.stopping()) {
                    end(process);
                    watch.finish();
                    return WorkState.CANCELLED;
                }
            }
            watch.finish();
            if (process.exitValue() == ExitCodes.BAD_ARGUMENTS) {
                written(() -> table.hopeless(job.id()));
            }
            WorkState ended = ended(process.exitValue());
            if (process.exitValue() > SIGNALLED) {
                written(() -> table.progress(job.id(), killed(process.exitValue())));
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } finally {
            end(process);
        }
    }

    /** Returns the reason of a failure whose command could not give it itself. */
    private static JobProgress killed(int code) {
        return JobProgress.saying(
                """
                signal %d ended its process before it was done, most often since memory ran out; \
                close other programs and let it go on\
                """
                        .formatted(code - SIGNALLED));
    }

    private static WorkState ended(int code) {
        if (code == ExitCodes.INTERRUPTED || code == TERMINATED) {
            // Ctrl-C reaches children as well, and may reach them first.
            throw new CancellationException("the command was asked to stop");
        }
        return code == ExitCodes.DONE ? WorkState.DONE : WorkState.FAILED;
    }

    private static Process start(Job job, JobCommand command) {
        try {
            Files.createDirectories(job.request().folder());
            JobResult.claim(job, command);
            ProcessBuilder builder = CommandLines.process(command.arguments());
            builder.environment().put(ProgressLine.VARIABLE, ProgressLine.LINES);
            return builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(job.output().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UserException("the job cannot begin: " + e.getMessage(), e);
        }
    }

    /** Asks a command to stop and gives it time to save; does nothing to one that has ended. */
    private static void end(Process process) {
        process.destroy();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(2 * StudioCommand.GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Copies a command's progress into the database. */
    private final class Watch {
        private final Job job;
        private final JobOutput output;
        private JobProgress last = JobProgress.NONE;
        private List<JobPhase> lastPhases = List.of();
        private long reached = System.nanoTime();

        Watch(Job job, JobOutput output) {
            this.job = job;
            this.output = output;
        }

        /**
         * Stores the command's progress, and returns whether the job was cancelled.
         *
         * @throws CancellationException if the database is away for long
         */
        boolean stopping() {
            boolean[] stopping = new boolean[1];
            boolean there =
                    Outage.done(
                            () -> {
                                store();
                                stopping[0] = table.stopping(job.id());
                            });
            if (there) {
                reached = System.nanoTime();
            } else if (System.nanoTime() - reached > LONGEST_OUTAGE.toNanos()) {
                throw new CancellationException("the database is away");
            }
            return stopping[0];
        }

        /** Stores the last progress of a command that has ended. */
        void finish() {
            written(this::store);
        }

        private void store() {
            output.read();
            JobProgress now = output.progress();
            List<JobPhase> phases = output.phases();
            if (!now.equals(last) || !phases.equals(lastPhases)) {
                table.progress(job.id(), now, phases);
                last = now;
                lastPhases = phases;
            }
        }
    }
}
