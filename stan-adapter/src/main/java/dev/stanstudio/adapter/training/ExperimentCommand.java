package dev.stanstudio.adapter.training;

import dev.stanstudio.base.command.CommandGroup;
import picocli.CommandLine.Command;

/** Groups the papers' experiments as {@code studio adapter experiment}. */
@Command(
        name = "experiment",
        description = "Measure what adapters cost, how they learn and how they merge.")
public final class ExperimentCommand extends CommandGroup {
    @Override
    public String parent() {
        return "adapter";
    }
}
