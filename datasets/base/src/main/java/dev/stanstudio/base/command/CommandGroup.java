package dev.stanstudio.base.command;

import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only groups others below its name; called alone it lists them. */
public abstract class CommandGroup implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Override
    public final Integer call() {
        CommandSpec own = Objects.requireNonNull(spec, "picocli sets the spec");
        throw new ParameterException(
                own.commandLine(),
                "%s needs one of its commands: %s"
                        .formatted(
                                own.name(),
                                String.join(", ", new TreeSet<>(own.subcommands().keySet()))));
    }
}
