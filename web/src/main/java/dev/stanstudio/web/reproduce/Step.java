package dev.stanstudio.web.reproduce;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One command of an experiment.
 *
 * @param name unique within the experiment, a file name
 * @param arguments the command line without the program's name
 * @param result what is there only when the command has ended well, or null if nothing tells
 */
record Step(String name, List<String> arguments, @Nullable Path result) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

    Step {
        arguments = List.copyOf(arguments);
    }

    Step(String name, List<String> arguments) {
        this(name, arguments, null);
    }

    /** The command line as a shell takes it. */
    String line() {
        StringBuilder line = new StringBuilder("studio");
        for (String argument : arguments) {
            line.append(' ').append(quoted(argument));
        }
        return line.toString();
    }

    private static String quoted(String argument) {
        return PLAIN.matcher(argument).matches()
                ? argument
                : "'" + argument.replace("'", "'\\''") + "'";
    }
}
