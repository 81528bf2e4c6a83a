package dev.stanstudio.web.job;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether a job's command has succeeded already, so that it need not run again. */
final class JobResult {
    /** The id of the job that made what is in its folder. */
    private static final String MARK = ".job";

    private JobResult() {}

    /**
     * Returns whether the command's result is there.
     *
     * @throws UserException if another made it where only the job's own counts, such as a command
     *     that trained into the folder while the job waited
     */
    static boolean isThere(Job job, JobCommand command) {
        if (command.result() == null || !Files.exists(Path.of(command.result()))) {
            return false;
        }
        if (command.own() && !isClaimed(job)) {
            throw new UserException(
                    """
                    %s was made by something else while this waited; move it elsewhere and let \
                    this go on\
                    """
                            .formatted(command.result()));
        }
        return true;
    }

    private static boolean isClaimed(Job job) {
        try {
            Path mark = mark(job);
            return Files.exists(mark) && Files.readString(mark).equals(job.id());
        } catch (IOException e) {
            throw new UserException(
                    "cannot read %s: %s".formatted(mark(job), AtomicFile.reason(e)), e);
        }
    }

    /** Notes that what comes to be in the job's folder from now on is this job's. */
    static void claim(Job job, JobCommand command) throws IOException {
        if (command.own()) {
            Files.writeString(mark(job), job.id());
        }
    }

    private static Path mark(Job job) {
        return job.request().folder().resolve(MARK);
    }
}
