package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.command.CommandGroup;
import picocli.CommandLine.Command;

/** Groups the commands about collections of pictures as {@code studio dataset}. */
@Command(
        name = "dataset",
        description =
                "Make, import, filter, caption, split, describe and export collections of pictures"
                        + " to train on.")
public final class DatasetCommand extends CommandGroup {}
