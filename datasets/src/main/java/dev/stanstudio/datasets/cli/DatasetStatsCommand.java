package dev.stanstudio.datasets.cli;

import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.stats.CollectionStatistics;
import dev.stanstudio.datasets.stats.CollectionStatistics.Range;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio dataset stats}: a collection in numbers. */
@Command(name = "stats", description = "Count a style collection.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DatasetStatsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A collection.")
    private Path folder;

    @Option(names = "--json", description = "Print everything as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        CollectionStatistics stats = CollectionStatistics.of(StyleCollection.open(folder));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Printing.json(stats));
        } else {
            print(stats, out);
        }
        out.flush();
        return ExitCodes.DONE;
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
        out.println("caption words  " + words(stats.captionWords()));
        out.printf(
                "captions       %,d repeat another; %,d pictures have no content%n",
                stats.equalCaptions(), stats.withoutContent());
        out.printf("duplicates     %,d%n", stats.duplicates());
        out.printf("missing files  %,d%n", stats.missingCount());
        stats.missing().forEach(name -> out.println("  " + Printing.printable(name)));
    }

    private static void print(String title, Map<String, Long> counts, PrintWriter out) {
        out.printf("%-14s %,d%n", title, counts.size());
        counts.forEach(
                (name, count) -> out.printf("  %,9d  %s%n", count, Printing.printable(name)));
    }

    private static String words(Range range) {
        return range.min() + " to " + range.max() + ", median " + range.median();
    }
}
