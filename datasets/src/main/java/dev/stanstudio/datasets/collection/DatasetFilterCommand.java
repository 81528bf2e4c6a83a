package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Printing;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.base.command.StudioCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio dataset filter}: takes pictures out of a collection's list. */
@Command(
        name = "filter",
        description =
                "Take small, long, blurred, plain and doubled pictures out of a collection's list."
                        + " Their files stay, and --restore puts them back.",
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DatasetFilterCommand implements StudioCommand {
    private static final int SHOWN = 20;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A collection; its list is rewritten.")
    private Path folder;

    @Option(
            names = "--least-side",
            paramLabel = "PX",
            description = "Pictures whose shorter side has fewer pixels are taken out.")
    private @Nullable Integer leastSide;

    @Option(
            names = "--most-aspect",
            paramLabel = "X",
            description = "Pictures whose longer side is more than X times the shorter.")
    private @Nullable Double mostAspect;

    @Option(
            names = "--sharpness",
            paramLabel = "X",
            description =
                    "Pictures whose variance of the Laplacian is below X (photographs: 100 is"
                            + " usual; flat styles have little everywhere).")
    private @Nullable Double sharpness;

    @Option(
            names = "--plain",
            paramLabel = "X",
            description = "Pictures of one colour: all channels deviate less than X of 255.")
    private @Nullable Double plain;

    @Option(
            names = "--near",
            paramLabel = "BITS",
            description =
                    "Copies and near duplicates, whose hashes differ by at most so many bits of 64"
                            + " (0 to "
                            + NearPictures.MAX_DISTANCE
                            + "; split and stats take "
                            + NearPictures.DEFAULT_DISTANCE
                            + "). The largest stays.")
    private @Nullable Integer near;

    @Option(names = "--dry-run", description = "Only tell; change nothing.")
    private boolean dryRun;

    @Option(names = "--restore", description = "Put back what filters took out.")
    private boolean restore;

    @Option(names = "--json", description = "Print the result as JSON, with every name.")
    private boolean json;

    @Override
    public String parent() {
        return "dataset";
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (restore) {
            requireAlone();
            int back = new FilteredList(StyleCollection.open(folder)).restore();
            out.printf("restored       %,d%n", back);
            out.flush();
            return ExitCodes.DONE;
        }
        FilterRules rules = new FilterRules(leastSide, mostAspect, sharpness, plain, near);
        StyleCollection collection = StyleCollection.open(folder);
        FilteredList list = new FilteredList(collection);
        FilterReport report = report(collection, rules);
        if (!dryRun) {
            requireSome(report);
            list.take(report.filtered());
        }
        print(report, out);
        return ExitCodes.DONE;
    }

    private FilterReport report(StyleCollection collection, FilterRules rules) {
        int count = collection.items().size();
        try (Progress progress = new Progress(spec.commandLine().getErr())) {
            progress.begin("filtering", count);
            return FilterReport.of(collection, rules, progress::doneInTenths);
        }
    }

    private void requireAlone() {
        boolean filters = leastSide != null || mostAspect != null || sharpness != null;
        if (filters || plain != null || near != null || dryRun) {
            throw new ArgumentException("--restore takes no filters and no --dry-run");
        }
    }

    private void requireSome(FilterReport report) {
        if (report.kept() == 0) {
            throw new UserException(
                    "these filters would take out all %d pictures of %s; --dry-run tells why"
                            .formatted(report.pictures(), folder));
        }
    }

    private void print(FilterReport report, PrintWriter out) {
        if (json) {
            out.println(Printing.json(report));
            out.flush();
            return;
        }
        for (FilterRule rule : FilterRule.values()) {
            List<Filtered> of =
                    report.filtered().stream().filter(one -> one.rule() == rule).toList();
            if (!of.isEmpty()) {
                out.printf("%-14s %,d%n", rule.label(), of.size());
                of.stream()
                        .limit(SHOWN)
                        .map(one -> "  " + one.name() + " " + one.reason())
                        .forEach(line -> out.println(Printing.printable(line)));
                if (of.size() > SHOWN) {
                    out.printf("  and %,d more; --json lists them%n", of.size() - SHOWN);
                }
            }
        }
        out.printf(
                "%-14s %,d of %,d%s%n",
                dryRun ? "would go" : "taken out",
                report.filtered().size(),
                report.pictures(),
                dryRun || report.filtered().isEmpty()
                        ? ""
                        : "; " + FilteredList.FILE + " keeps them, --restore puts them back");
        out.flush();
    }
}
