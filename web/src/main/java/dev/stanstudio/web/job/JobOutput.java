package dev.stanstudio.web.job;

import dev.stanstudio.base.command.PhaseLine;
import dev.stanstudio.base.command.ProgressLine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows what a job's commands print into its log: {@link PhaseLine}s and {@link ProgressLine}s
 * for programs, between lines for people. Each line is read once. Belongs to one thread.
 */
final class JobOutput {
    private static final int MOST_AT_ONCE = 1 << 20;
    private static final int LONGEST = 500;

    /** The phase of progress that no phase was named for. */
    private static final String UNNAMED = "working";

    private final Path log;
    private final Clock clock;
    private final List<JobPhase> phases = new ArrayList<>();
    private long offset;
    private JobProgress progress = JobProgress.NONE;
    private int current = -1;

    private JobOutput(Path log, long offset, Clock clock) {
        this.log = log;
        this.offset = offset;
        this.clock = clock;
    }

    /** Follows a log from its begin. */
    static JobOutput of(Path log, Clock clock) {
        return new JobOutput(log, 0, clock);
    }

    /** Follows only what comes after the end of the log, which an earlier run has written. */
    static JobOutput following(Path log, Clock clock) {
        try {
            return new JobOutput(log, Files.exists(log) ? Files.size(log) : 0, clock);
        } catch (IOException e) {
            return new JobOutput(log, 0, clock);
        }
    }

    /** Reads the whole lines that were printed since the last time. */
    JobOutput read() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(file.length() - offset, MOST_AT_ONCE)];
            file.seek(offset);
            file.readFully(bytes);
            int end = lastLineEnd(bytes);
            offset += end;
            new String(bytes, 0, end, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .forEach(this::take);
        } catch (IOException e) {
            return this; // the command has printed nothing yet
        }
        return this;
    }

    /** Returns the length of the whole lines; of one that is longer than all, all. */
    private static int lastLineEnd(byte[] bytes) {
        for (int i = bytes.length; i > 0; i--) {
            if (bytes[i - 1] == '\n') {
                return i;
            }
        }
        return bytes.length == MOST_AT_ONCE ? bytes.length : 0;
    }

    private void take(String line) {
        Optional<ProgressLine> counted = ProgressLine.read(line);
        Optional<String> phase = PhaseLine.read(line);
        if (counted.isPresent()) {
            count(counted.get());
        } else if (phase.isPresent()) {
            enter(phase.get());
        } else {
            String said = line.length() > LONGEST ? line.substring(0, LONGEST) : line;
            progress = new JobProgress(progress.done(), progress.total(), said);
        }
    }

    private void count(ProgressLine line) {
        if (current < 0) {
            enter(UNNAMED);
        }
        Instant now = clock.instant();
        JobPhase counted = phases.get(current).counted(line.done(), line.total(), now);
        phases.set(current, counted);
        progress = new JobProgress(counted.done(), counted.total(), progress.said());
    }

    private void enter(String name) {
        current = -1;
        for (int i = 0; i < phases.size(); i++) {
            if (phases.get(i).name().equals(name)) {
                current = i;
            }
        }
        if (current < 0) {
            current = phases.size();
            phases.add(JobPhase.begun(name));
        }
        JobPhase entered = phases.get(current);
        progress = new JobProgress(entered.done(), entered.total(), progress.said());
    }

    /** Returns the progress in the current phase, and the last line for people. */
    JobProgress progress() {
        return progress;
    }

    /** Returns the phases so far, in the order in which they began. */
    List<JobPhase> phases() {
        List<JobPhase> marked = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            marked.add(phases.get(i).marked(i == current));
        }
        return List.copyOf(marked);
    }
}
