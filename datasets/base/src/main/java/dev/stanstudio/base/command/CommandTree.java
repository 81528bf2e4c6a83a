package dev.stanstudio.base.command;

import java.util.Comparator;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Puts the commands of all modules into one tree, each below its {@link StudioCommand#parent()}.
 */
public final class CommandTree {
    private CommandTree() {}

    private record Attached(String parent, CommandLine line) {
        int depth() {
            return names(parent).length;
        }
    }

    /** Returns a root without a name that has every command on the class path below it. */
    public static CommandLine installed() {
        CommandLine root = new CommandLine(CommandSpec.create());
        attach(root, ServiceLoader.load(StudioCommand.class));
        return root;
    }

    /**
     * Attaches {@code commands} to {@code root}: parents first, those of one parent by name.
     *
     * @throws IllegalStateException when a parent is missing
     */
    public static void attach(CommandLine root, Iterable<? extends StudioCommand> commands) {
        StreamSupport.stream(commands.spliterator(), false)
                .map(command -> new Attached(command.parent(), new CommandLine(command)))
                .sorted(
                        Comparator.comparingInt(Attached::depth)
                                .thenComparing(attached -> attached.line().getCommandName()))
                .forEach(
                        attached ->
                                parent(root, attached.parent())
                                        .addSubcommand(
                                                attached.line().getCommandName(), attached.line()));
    }

    private static CommandLine parent(CommandLine root, String path) {
        CommandLine parent = root;
        for (String name : names(path)) {
            parent = parent.getSubcommands().get(name);
            if (parent == null) {
                throw new IllegalStateException("no command is called " + path);
            }
        }
        return parent;
    }

    private static String[] names(String path) {
        return path.isEmpty() ? new String[0] : path.split(" ");
    }
}
