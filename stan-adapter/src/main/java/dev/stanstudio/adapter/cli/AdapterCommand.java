package dev.stanstudio.adapter.cli;

import dev.stanstudio.datasets.cli.StudioCommand;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code studio adapter}: what can be done with adapter files. It does nothing by itself. */
@Command(
        name = "adapter",
        description = "Look into adapter files, convert and merge them.",
        subcommands = {
            InspectCommand.class,
            ConvertCommand.class,
            MergeCommand.class,
            ExperimentCommand.class
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class AdapterCommand implements StudioCommand {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "name what to do: " + String.join(", ", spec.subcommands().keySet()));
    }
}
