package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.command.CommandGroup;
import picocli.CommandLine.Command;

/** {@code studio setup}: the commands that fetch what the program does not bring along. */
@Command(name = "setup", description = "Fetch what the program does not bring along.")
public final class SetupCommand extends CommandGroup {}
