package dev.stanstudio.web.job;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.home.Database;
import dev.stanstudio.web.home.Outage;
import dev.stanstudio.web.server.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Does jobs: one command after another, each in a process of its own, so that what it needs of
 * memory and may do to the tensor engine is not the server's. Thread-safe.
 */
final class JobRunner {
    private static final long LOOK_MILLIS = 500;

    /** Codes of processes that a signal asked to end. */
    private static final int TERMINATED = 143;

    /**
     * A command goes on while the database is away for less; other processes would take the job for
     * theirs after a little more.
     */
    private static final Duration LONGEST_OUTAGE = Duration.ofSeconds(15);

    private final JobTable table;
    private volatile boolean closing;

    JobRunner(JobTable table) {
        this.table = table;
    }

    /** Lets commands save what they have and end; their jobs wait again. */
    void stop() {
        closing = true;
    }

    /**
     * Does a job, or what is left of it.
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
            JobState ended = commands(table.get(id));
            written(() -> table.end(id, ended));
        } catch (CancellationException e) {
            written(() -> table.giveBack(id));
            throw e; // the turn stays for whoever goes on
        } catch (RuntimeException e) {
            if (Database.away(e)) {
                written(() -> table.giveBack(id));
                throw e;
            }
            String number = Problems.shared().tell("job " + id, e);
            String said = "unexpected " + e + " (" + number + ")";
            written(() -> table.progress(id, new JobProgress(0, 0, said)));
            written(() -> table.end(id, JobState.FAILED));
        }
    }

    /** Writes what has become of a job, when the database is back if it is away. */
    private void written(Runnable write) {
        Outage.outlast(write, () -> closing);
    }

    private JobState commands(Job job) {
        for (int i = job.commandsDone(); i < job.order().commands().size(); i++) {
            JobCommand command = job.order().commands().get(i);
            if (command.result() == null || !Files.exists(Path.of(command.result()))) {
                JobState ended = command(job, command);
                if (ended != JobState.DONE) {
                    return ended;
                }
            }
            int done = i + 1;
            written(() -> table.commandsDone(job.id(), done));
        }
        return JobState.DONE;
    }

    private JobState command(Job job, JobCommand command) {
        Process process = start(job, command);
        try {
            Watch watch = new Watch(job);
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (closing) {
                    throw new CancellationException("the studio is closing");
                }
                if (watch.stopping()) {
                    end(process);
                    watch.tell();
                    return JobState.CANCELLED;
                }
            }
            watch.tell();
            return ended(process.exitValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } finally {
            end(process);
        }
    }

    private static JobState ended(int code) {
        if (code == ExitCodes.INTERRUPTED || code == TERMINATED) {
            // Ctrl-C reaches children as well, and may reach them first.
            throw new CancellationException("the command was asked to stop");
        }
        return code == ExitCodes.DONE ? JobState.DONE : JobState.FAILED;
    }

    private static Process start(Job job, JobCommand command) {
        try {
            Files.createDirectories(job.order().folder());
            return CommandLines.process(command.arguments())
                    .redirectErrorStream(true)
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

    /** Carries what a command says into the database. */
    private final class Watch {
        private final Job job;
        private JobProgress last = JobProgress.NONE;
        private long heard = System.nanoTime();

        Watch(Job job) {
            this.job = job;
        }

        /**
         * Tells how far the command is, and returns whether somebody wants it to stop.
         *
         * @throws CancellationException if the database is away for long
         */
        boolean stopping() {
            boolean[] stopping = new boolean[1];
            boolean there =
                    Outage.done(
                            () -> {
                                look();
                                stopping[0] = table.stopping(job.id());
                            });
            if (there) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > LONGEST_OUTAGE.toNanos()) {
                throw new CancellationException("the database is away");
            }
            return stopping[0];
        }

        /** Tells the last that it said. */
        void tell() {
            written(this::look);
        }

        private void look() {
            JobProgress now = JobProgress.read(job.output());
            if (!now.equals(last)) {
                table.progress(job.id(), now);
                last = now;
            }
        }
    }
}
