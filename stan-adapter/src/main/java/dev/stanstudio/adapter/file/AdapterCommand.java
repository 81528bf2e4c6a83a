package dev.stanstudio.adapter.file;

import dev.stanstudio.base.command.CommandGroup;
import picocli.CommandLine.Command;

/** Groups what can be done with adapter files as {@code studio adapter}. */
@Command(
        name = "adapter",
        description = "Look into adapters, analyse what they do, convert and merge them.")
public final class AdapterCommand extends CommandGroup {}
