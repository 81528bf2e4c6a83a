package dev.stanstudio.datasets.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code studio dataset}: what makes, imports, splits, describes and exports collections of
 * pictures.
 */
@Command(
        name = "dataset",
        description =
                "Make, import, split, describe and export collections of pictures to train on.",
        subcommands = {
            SynthCommand.class,
            DatasetImportCommand.class,
            DatasetSplitCommand.class,
            DatasetStatsCommand.class,
            DatasetExportCommand.class
        })
public final class DatasetCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec own = Objects.requireNonNull(spec, "picocli sets the spec");
        throw new ParameterException(
                own.commandLine(),
                "dataset needs one of its commands: "
                        + String.join(", ", own.subcommands().keySet()));
    }
}
