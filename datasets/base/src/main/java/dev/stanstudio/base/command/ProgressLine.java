package dev.stanstudio.base.command;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Progress of a command as one line for programs, {@code ##progress DONE TOTAL}. A command prints
 * it to standard error, alone on its line and, but for a task's last, at most once a second, when the environment variable
 * {@value #VARIABLE} is {@value #LINES}.
 *
 * @param done the finished units, 0 to {@code total}
 * @param total all units, at least 1
 */
public record ProgressLine(long done, long total) {
    /** The environment variable by which a parent process asks for these lines. */
    public static final String VARIABLE = "STUDIO_PROGRESS";

    /** The value of {@link #VARIABLE} that asks for these lines. */
    public static final String LINES = "lines";

    private static final Pattern FORMAT = Pattern.compile("##progress (\\d{1,18}) (\\d{1,18})");

    public ProgressLine {
        if (total < 1 || done < 0 || done > total) {
            throw new IllegalArgumentException(
                    "progress must be 0 to a total of at least 1, not %d of %d"
                            .formatted(done, total));
        }
    }

    /** Returns the line for {@code done} of {@code total} units, without a line end. */
    public static String of(long done, long total) {
        ProgressLine progress = new ProgressLine(done, total);
        return "##progress %d %d".formatted(progress.done, progress.total);
    }

    /** Reads {@code line}; empty if it is not exactly such a line. */
    public static Optional<ProgressLine> read(String line) {
        Matcher matcher = FORMAT.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long done = Long.parseLong(matcher.group(1));
        long total = Long.parseLong(matcher.group(2));
        return total < 1 || done > total
                ? Optional.empty()
                : Optional.of(new ProgressLine(done, total));
    }
}
