package dev.stanstudio.pretrain;

import dev.stanstudio.base.command.CommandGroup;
import picocli.CommandLine.Command;

/** Groups the trainings of the built-in models as {@code studio pretrain}. */
@Command(
        name = "pretrain",
        description = "Train the built-in models from nothing, on the procedural collection.")
public final class PretrainCommand extends CommandGroup {}
