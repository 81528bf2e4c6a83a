package dev.stanstudio.datasets.export;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Printing;
import dev.stanstudio.base.command.ProgressLines;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.sample.CaptionOption;
import dev.stanstudio.datasets.sample.CaptionPolicy;
import dev.stanstudio.datasets.sample.Selection;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio dataset export}: writes a collection for other programs. */
@Command(
        name = "export",
        description =
                "Export a style collection for other programs. Interrupted, it goes on when it is"
                        + " run again.",
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DatasetExportCommand implements StudioCommand {
    private static final int PROBLEMS_SHOWN = 20;

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "A collection.")
    private Path folder;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "A new folder, or that of the same export to continue.")
    private Path out;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            defaultValue = "imagefolder",
            completionCandidates = Formats.class,
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private String format;

    @Option(
            names = "--style",
            paramLabel = "A,B",
            split = ",",
            description = "Only pictures of these styles.")
    private List<String> styles = List.of();

    @Option(
            names = "--split",
            paramLabel = "A,B",
            split = ",",
            description = "Only these parts: train, validation, test.")
    private List<String> splits = List.of();

    @Mixin private CaptionOption captions = new CaptionOption();

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "1",
            description = "The number in front of kohya's folders (${DEFAULT-VALUE}).")
    private int repeats;

    @Option(
            names = "--shard-size",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Samples per webdataset tar (${DEFAULT-VALUE}).")
    private int shardSize;

    @Option(
            names = "--on-error",
            paramLabel = "WHAT",
            defaultValue = "skip",
            description = "skip or stop at a missing or damaged picture (${DEFAULT-VALUE}).")
    private String onError;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    /** The formats for the help text. */
    static final class Formats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ExportOptions.Format.ids().iterator();
        }
    }

    @Override
    public String parent() {
        return "dataset";
    }

    @Override
    public Integer call() {
        ExportOptions options = options();
        ProgressLines progress = new ProgressLines(spec.commandLine().getErr());
        ExportReport report =
                CollectionExport.run(StyleCollection.open(folder), out, options, progress::at);
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            to.println(Printing.json(report));
        } else {
            print(report, to);
        }
        to.flush();
        return ExitCodes.DONE;
    }

    private ExportOptions options() {
        try {
            return new ExportOptions(
                    format(),
                    new Selection(styles, splits),
                    new CaptionPolicy(captions.template(), 0, 0),
                    repeats,
                    shardSize,
                    stopAtDamage());
        } catch (IllegalArgumentException e) {
            throw new ArgumentException(String.valueOf(e.getMessage()), e);
        }
    }

    private ExportOptions.Format format() {
        return Arrays.stream(ExportOptions.Format.values())
                .filter(known -> known.id().equals(format))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ArgumentException(
                                        "--format %s is unknown; there are %s"
                                                .formatted(
                                                        format,
                                                        String.join(
                                                                ", ",
                                                                ExportOptions.Format.ids()))));
    }

    private boolean stopAtDamage() {
        return switch (onError.toLowerCase(Locale.ROOT)) {
            case "skip" -> false;
            case "stop" -> true;
            default -> throw new ArgumentException("--on-error is skip or stop, not " + onError);
        };
    }

    private void print(ExportReport report, PrintWriter to) {
        to.printf("format         %s%n", report.format());
        to.printf("written        %,d%n", report.written());
        to.printf("already there  %,d%n", report.kept());
        to.printf("skipped        %,d%n", report.skipped());
        report.problems().stream()
                .limit(PROBLEMS_SHOWN)
                .forEach(problem -> to.println("  " + Printing.printable(problem)));
        if (report.skipped() > PROBLEMS_SHOWN) {
            to.printf("  and %,d more; --json lists them%n", report.skipped() - PROBLEMS_SHOWN);
        }
        to.printf("export         %s%n", out);
    }
}
