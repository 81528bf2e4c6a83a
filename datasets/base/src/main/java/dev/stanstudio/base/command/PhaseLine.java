package dev.stanstudio.base.command;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The begin of a phase of a command as one line for programs, {@code ##phase NAME}. A command
 * prints it to standard error where {@link ProgressLine}s are asked for; those that follow count
 * within the phase. A phase may be taken up again under the same name.
 */
public final class PhaseLine {
    private static final Pattern FORMAT = Pattern.compile("##phase (\\S[^\\p{Cntrl}]{0,59})");

    private PhaseLine() {}

    /**
     * Returns the line for a phase, without a line end.
     *
     * @param name of the phase, as pages show it: {@code encoding pictures}
     */
    public static String of(String name) {
        String line = "##phase " + name;
        if (read(line).isEmpty()) {
            throw new IllegalArgumentException("no name of a phase: '" + name + "'");
        }
        return line;
    }

    /** Reads {@code line} and returns the phase's name; empty if it is not exactly such a line. */
    public static Optional<String> read(String line) {
        Matcher matcher = FORMAT.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
    }
}
