package dev.stanstudio.web.reproduce;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Describes one command of an experiment.
 *
 * @param name unique within the experiment, a file name
 * @param arguments the command line without the program's name
 * @param result file that exists only after the command has succeeded; null for none
 * @param inputs files and folders whose content decides what the command makes, beside its line
 */
record Step(String name, List<String> arguments, @Nullable Path result, List<Path> inputs) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

    Step {
        arguments = List.copyOf(arguments);
        inputs = List.copyOf(inputs);
    }

    Step(String name, List<String> arguments, @Nullable Path result) {
        this(name, arguments, result, List.of());
    }

    Step(String name, List<String> arguments) {
        this(name, arguments, null);
    }

    /** Returns the same step, which is done only as long as these files are what they were. */
    Step reading(List<Path> files) {
        return new Step(name, arguments, result, files);
    }

    /** Returns the command line as a shell reads it. */
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
