package dev.stanstudio.sd3.pretrain.cli;

import dev.stanstudio.datasets.cli.StudioCommand;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code studio pretrain}: the built-in models from nothing, on the procedural collection. */
@Command(
        name = "pretrain",
        description = "Train the built-in models from nothing, on the procedural collection.",
        subcommands = {PretrainMmditCommand.class, PretrainVaeCommand.class})
public final class PretrainCommand implements StudioCommand {
    @Spec @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandSpec own = Objects.requireNonNull(spec, "picocli sets the spec");
        throw new ParameterException(
                own.commandLine(),
                "pretrain needs one of its commands: "
                        + String.join(", ", own.subcommands().keySet()));
    }
}
