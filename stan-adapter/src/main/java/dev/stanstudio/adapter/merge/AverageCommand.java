package dev.stanstudio.adapter.merge;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio adapter average}: weights between those of two checkpoints. */
@Command(
        name = "average",
        description = {
            "Write the adapter whose tensors lie between those of two adapters of one kind and"
                    + " size, such as two checkpoints of a training."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class AverageCommand implements StudioCommand {
    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FROM", description = "The adapter at 0.")
    private Path from;

    @Parameters(index = "1", paramLabel = "TO", description = "The adapter at 1.")
    private Path to;

    @Option(
            names = "--at",
            paramLabel = "T",
            defaultValue = "0.5",
            description = "(1 - T) of the first and T of the second, 0 ... 1 (${DEFAULT-VALUE}).")
    private double at;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The folder to write; it must not exist yet.")
    private Path out;

    @Override
    public String parent() {
        return "adapter";
    }

    @Override
    public Integer call() {
        if (!(at >= 0 && at <= 1)) {
            throw new ArgumentException("--at must be 0 ... 1, not " + at);
        }
        try (AdapterFile first = AdapterFile.open(from);
                AdapterFile second = AdapterFile.open(to)) {
            new AveragedAdapter(first, second, at).write(out);
        }
        spec.commandLine().getOut().println(out);
        spec.commandLine().getOut().flush();
        return ExitCodes.DONE;
    }
}
