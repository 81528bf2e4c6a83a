package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Printing;
import dev.stanstudio.base.command.StudioCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio dataset split}: parts a collection for training, validation and test. */
@Command(
        name = "split",
        description =
                "Part a collection into train, validation and test. Copies, look-alikes and equal"
                        + " titles of an artist stay together.",
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DatasetSplitCommand implements StudioCommand {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A collection; its list is rewritten.")
    private Path folder;

    @Option(
            names = "--ratios",
            paramLabel = "A/B/C[/D]",
            defaultValue = "90/5/5",
            description =
                    "Sizes of train, validation and test, and of references, which nothing trains"
                            + " on and scores compare with (${DEFAULT-VALUE}).")
    private String ratios;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Decides which pictures go where (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "picture",
            description = "picture, or artist to keep artists together (${DEFAULT-VALUE}).")
    private String by;

    @Option(
            names = "--near",
            paramLabel = "BITS",
            defaultValue = "" + NearPictures.DEFAULT_DISTANCE,
            description =
                    "Bits of 64 by which look-alikes may differ, 0 to "
                            + NearPictures.MAX_DISTANCE
                            + " (${DEFAULT-VALUE}).")
    private int near;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public String parent() {
        return "dataset";
    }

    @Override
    public Integer call() {
        SplitRules rules = rules();
        StyleCollection collection = StyleCollection.open(folder);
        List<StyleItem> items = collection.items();
        if (items.isEmpty()) {
            throw new UserException(folder + " lists no pictures");
        }
        items.replaceAll(item -> hashed(collection, item));
        SplitReport report = SplitReport.of(items, rules);
        Iterator<String> splits = report.assigned().iterator();
        Iterator<StyleItem> hashed = items.iterator();
        collection.rewrite(
                item -> {
                    if (!hashed.hasNext()) {
                        throw changed();
                    }
                    StyleItem read = hashed.next();
                    if (!read.sha256().equals(item.sha256())) {
                        throw changed();
                    }
                    return read.withSplit(splits.next());
                });
        print(report);
        return ExitCodes.DONE;
    }

    private UserException changed() {
        return new UserException(folder + " was changed while it was split; split it again");
    }

    private static StyleItem hashed(StyleCollection collection, StyleItem item) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the split was interrupted");
        }
        return item.withDhash(collection.dhash(item));
    }

    private SplitRules rules() {
        boolean byArtist =
                switch (by.toLowerCase(Locale.ROOT)) {
                    case "picture" -> false;
                    case "artist" -> true;
                    default -> throw new ArgumentException("--by is picture or artist, not " + by);
                };
        try {
            return new SplitRules(SplitRatios.parse(ratios), seed, byArtist, near);
        } catch (IllegalArgumentException e) {
            throw new ArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    private void print(SplitReport report) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Printing.json(report.summary()));
        } else {
            report.summary()
                    .pictures()
                    .forEach((name, count) -> out.printf("%-14s %,d%n", name, count));
            out.printf(
                    "groups         %,d; %,d of %,d pictures stay with others%n",
                    report.summary().groups(),
                    report.summary().grouped(),
                    report.assigned().size());
            out.printf(
                    "moved          %,d were in another part before%n", report.summary().moved());
        }
        out.flush();
    }
}
