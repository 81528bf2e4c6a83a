package dev.stanstudio.web.job;

import dev.stanstudio.base.command.PhaseLine;
import dev.stanstudio.base.command.ProgressLine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Progress of a job's current command, as {@link JobOutput} reads it.
 *
 * @param done the finished units of its current phase
 * @param total all units; 0 until the command has printed a progress line
 * @param said the last line for people; empty before the first
 */
public record JobProgress(long done, long total, String said) {
    private static final int TAIL = 64 << 10;
    private static final int LONGEST = 500;

    static final JobProgress NONE = new JobProgress(0, 0, "");

    /** Returns a progress that only says {@code line}. */
    static JobProgress saying(String line) {
        return new JobProgress(0, 0, line);
    }

    /** Returns the last lines for people in {@code log}, at most {@code most}. */
    static List<String> lastLines(Path log, int most) {
        List<String> lines = tail(log).stream().filter(JobProgress::isForPeople).toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    private static boolean isForPeople(String line) {
        return ProgressLine.read(line).isEmpty() && PhaseLine.read(line).isEmpty();
    }

    /** Returns the last whole lines: one that is still being written is left out. */
    private static List<String> tail(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL);
            byte[] tail = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(tail);
            String text = new String(tail, StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .skip(from == 0 ? 0 : 1)
                    .filter(line -> !line.isBlank())
                    .map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) : line)
                    .toList();
        } catch (IOException e) {
            return List.of(); // the command has printed nothing yet
        }
    }
}
