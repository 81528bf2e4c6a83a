package dev.stanstudio.adapter.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code studio adapter experiment}: the papers' experiments. It does nothing by itself. */
@Command(
        name = "experiment",
        description = "Measure what adapters cost, how they learn and how they merge.",
        subcommands = {CurvesCommand.class, EfficiencyCommand.class, MergingCommand.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ExperimentCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "name what to measure: " + String.join(", ", spec.subcommands().keySet()));
    }
}
