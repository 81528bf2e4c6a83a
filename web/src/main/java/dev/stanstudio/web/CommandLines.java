package dev.stanstudio.web;

import dev.stanstudio.base.command.ChildEnvironment;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.base.command.StudioCommand;
import java.io.File;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** Runs command lines of {@code studio} inside the process, or in another one like it. */
public final class CommandLines {
    private CommandLines() {}

    /**
     * Runs one command line as the program does; never throws.
     *
     * @param out takes what the command prints
     * @param err takes its progress and the line that tells of a failure
     * @param arguments without the program's name
     * @return the exit code
     */
    public static int run(PrintWriter out, PrintWriter err, List<String> arguments) {
        return new Studio(new Interruption(Thread.currentThread()))
                .writingTo(out, err)
                .run(ServiceLoader.load(StudioCommand.class), arguments.toArray(String[]::new));
    }

    /**
     * Returns what is wrong with a command line's options, which it does not run; empty where the
     * command would begin to work.
     *
     * @param arguments without the program's name
     */
    public static Optional<String> refusal(List<String> arguments) {
        return new Studio(new Interruption(Thread.currentThread()))
                .refusal(ServiceLoader.load(StudioCommand.class), arguments.toArray(String[]::new));
    }

    /**
     * A process that runs one command line with this one's Java, options and class path. It is
     * asked to stop, as by a polite kill, when this process has died.
     *
     * @param arguments without the program's name
     */
    public static ProcessBuilder process(List<String> arguments) {
        Set<String> options = new LinkedHashSet<>();
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // A second debugger or profiler would want the port or file of the first.
            if (!option.startsWith("-agent")
                    && !option.startsWith("-javaagent")
                    && !option.toLowerCase(Locale.ROOT).contains("password")) {
                options.add(option);
            }
        }
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("studio.") || name.startsWith("ai.djl.")) {
                options.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        options.add("-D" + ParentWatch.PROPERTY + "=" + ProcessHandle.current().pid());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Studio.class.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove(Progress.TERMINAL);
        // No command of a job needs to log in anywhere.
        return ChildEnvironment.withoutSecrets(builder)
                .redirectInput(ProcessBuilder.Redirect.from(nothing()));
    }

    private static File nothing() {
        return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
    }
}
