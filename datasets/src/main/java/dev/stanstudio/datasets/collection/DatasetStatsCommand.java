package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Printing;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.datasets.collection.CollectionStatistics.Range;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio dataset stats}: a collection in numbers. */
@Command(name = "stats", description = "Count a style collection.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DatasetStatsCommand implements StudioCommand {
    private static final int MAX_PER_SHEET = 10_000;
    private static final int GROUPS_SHOWN = 5;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A collection.")
    private Path folder;

    @Option(
            names = "--contact-sheets",
            paramLabel = "DIR",
            description = "Also draw thumbnails: a PNG file per style in this folder.")
    private @Nullable Path sheets;

    @Option(
            names = "--per-sheet",
            paramLabel = "N",
            defaultValue = "48",
            description = "The most pictures on a contact sheet (${DEFAULT-VALUE}).")
    private int perSheet;

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Override
    public String parent() {
        return "dataset";
    }

    @Override
    public Integer call() {
        if (perSheet < 1 || perSheet > MAX_PER_SHEET) {
            throw new ArgumentException(
                    "--per-sheet " + perSheet + " is not between 1 and " + MAX_PER_SHEET);
        }
        StyleCollection collection = StyleCollection.open(folder);
        CollectionStatistics stats = CollectionStatistics.of(collection);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Printing.json(stats));
        } else {
            print(stats, out);
        }
        if (sheets != null) {
            drawSheets(collection, sheets, out);
        }
        out.flush();
        return ExitCodes.DONE;
    }

    /** Says so on standard error when standard output is JSON. */
    private void drawSheets(StyleCollection collection, Path target, PrintWriter out) {
        StyleSheets.Report drawn = StyleSheets.write(collection, target, perSheet);
        PrintWriter to = json ? spec.commandLine().getErr() : out;
        to.printf("contact sheets %,d in %s%n", drawn.files().size(), target);
        drawn.problems().forEach(problem -> to.println("  " + Printing.printable(problem)));
        to.flush();
    }

    private static void print(CollectionStatistics stats, PrintWriter out) {
        out.printf("pictures       %,d%n", stats.pictures());
        print("styles", stats.styles(), out);
        out.printf(
                "in several     %,d pictures have more than one style%n", stats.inSeveralStyles());
        for (CollectionStatistics.Overlap overlap : stats.overlaps()) {
            out.printf(
                    "  %s and %s share %,d%n",
                    Printing.printable(overlap.first()),
                    Printing.printable(overlap.second()),
                    overlap.pictures());
        }
        print("splits", stats.splits(), out);
        print("licences", stats.licences(), out);
        out.printf("artists        %,d%n", stats.artists());
        out.println("width          " + words(stats.width()));
        out.println("height         " + words(stats.height()));
        printFilled("shorter sides", stats.shortSides(), out);
        printFilled("width : height", stats.shapes(), out);
        out.println("caption words  " + words(stats.captionWords()));
        printFilled("caption lengths", stats.captionLengths(), out);
        out.printf(
                "captions       %,d repeat another; %,d pictures have no content%n",
                stats.equalCaptions(), stats.withoutContent());
        printAlike(stats, out);
        out.printf("missing files  %,d%n", stats.missingCount());
        stats.missing().forEach(name -> out.println("  " + Printing.printable(name)));
    }

    private static void printAlike(CollectionStatistics stats, PrintWriter out) {
        out.printf("duplicates     %,d%n", stats.duplicates());
        out.printf("look-alikes    %,d%n", stats.lookAlikes());
        stats.lookAlikeGroups().stream()
                .limit(GROUPS_SHOWN)
                .forEach(group -> out.println("  " + Printing.printable(String.join(", ", group))));
        if (stats.lookAlikeGroups().size() > GROUPS_SHOWN) {
            out.println("  and more; --json lists " + stats.lookAlikeGroups().size() + " groups");
        }
        if (stats.unhashed() > 0) {
            out.printf(
                    "  %,d pictures were imported by their headers and not compared%n",
                    stats.unhashed());
        }
        if (stats.leaks() > 0) {
            out.printf(
                    "leaks          %,d groups that belong together lie in several splits; studio"
                            + " dataset split mends that%n",
                    stats.leaks());
        }
    }

    /** A histogram without its empty intervals. */
    private static void printFilled(String title, Map<String, Long> counts, PrintWriter out) {
        out.println(title);
        counts.forEach(
                (name, count) -> {
                    if (count > 0) {
                        out.printf("  %,9d  %s%n", count, name);
                    }
                });
    }

    private static void print(String title, Map<String, Long> counts, PrintWriter out) {
        out.printf("%-14s %,d%n", title, counts.size());
        counts.forEach(
                (name, count) -> out.printf("  %,9d  %s%n", count, Printing.printable(name)));
    }

    private static String words(Range range) {
        return "%s to %s, median %s".formatted(range.min(), range.max(), range.median());
    }
}
