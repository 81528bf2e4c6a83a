package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Printing;
import dev.stanstudio.base.command.ProgressLines;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.base.source.TextEncoding;
import dev.stanstudio.datasets.importer.ImportOptions.OnError;
import dev.stanstudio.datasets.sample.CaptionOption;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio dataset import}: brings pictures of any known layout into a collection. */
@Command(
        name = "import",
        description =
                "Import pictures into a style collection. Interrupted, it goes on when it is run"
                        + " again.",
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DatasetImportCommand implements StudioCommand {
    private static final int PROBLEMS_SHOWN = 20;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "SOURCE",
            description = "A folder, a .zip, .tar or .parquet file, or a folder of such files.")
    private Path source;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The collection: a new folder, or one made by this command to add to.")
    private Path out;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            defaultValue = ImportOptions.AUTO,
            completionCandidates = Formats.class,
            description =
                    "How the source is arranged: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private String format;

    @Option(
            names = "--on-error",
            paramLabel = "WHAT",
            defaultValue = "skip",
            description = "skip or stop at a picture that cannot be imported (${DEFAULT-VALUE}).")
    private String onError;

    @Option(
            names = "--style",
            paramLabel = "NAME",
            description = "The style of pictures whose source names none.")
    private @Nullable String style;

    @Option(
            names = "--licence",
            paramLabel = "TEXT",
            description = "The licence of the pictures, in place of what the source says.")
    private @Nullable String licence;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description =
                    "The encoding of captions and lists that are not UTF-8, such as GB18030 or"
                            + " windows-1251 (default: found out).")
    private @Nullable String encoding;

    @Option(
            names = "--caption-extension",
            paramLabel = "EXT",
            defaultValue = ".txt",
            description =
                    "Which caption counts where several lie beside a picture: .txt or .caption"
                            + " (${DEFAULT-VALUE}).")
    private String captionExtension;

    @Mixin private CaptionOption captions = new CaptionOption();

    @Option(
            names = "--header-only",
            description =
                    "Read only the headers of pictures; faster, but damage inside a picture is not"
                            + " found.")
    private boolean headerOnly;

    @Option(
            names = "--max-pixels",
            paramLabel = "N",
            defaultValue = "" + ImportOptions.DEFAULT_MAX_PIXELS,
            description = "Leave out pictures with more pixels (${DEFAULT-VALUE}).")
    private long maxPixels;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Pictures decoded at the same time (default: one per processor).")
    private @Nullable Integer threads;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    /** The formats for the help text. */
    static final class Formats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            List<String> names = new ArrayList<>(List.of(ImportOptions.AUTO));
            names.addAll(CollectionImport.formats());
            return names.iterator();
        }
    }

    @Override
    public String parent() {
        return "dataset";
    }

    @Override
    public Integer call() {
        ImportOptions options = options();
        ProgressLines progress = new ProgressLines(spec.commandLine().getErr());
        long start = System.nanoTime();
        ImportReport report = CollectionImport.run(source, out, options, progress::at);
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            to.println(Printing.json(report));
        } else {
            print(report, to);
            to.printf("speed          %.1f pictures per second%n", speed(report, start));
        }
        to.flush();
        return ExitCodes.DONE;
    }

    private static double speed(ImportReport report, long start) {
        double seconds = Math.max(1, System.nanoTime() - start) / 1e9;
        return (report.imported() + report.alreadyThere() + report.skipped()) / seconds;
    }

    private ImportOptions options() {
        if (!format.equals(ImportOptions.AUTO) && !CollectionImport.formats().contains(format)) {
            throw new ArgumentException(
                    "--format %s is unknown; there are auto, %s"
                            .formatted(format, String.join(", ", CollectionImport.formats())));
        }
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (count < 1 || maxPixels < 1) {
            throw new ArgumentException("--threads and --max-pixels must be at least 1");
        }
        return new ImportOptions(
                format,
                whenDamaged(),
                style,
                licence,
                captions.template(),
                !headerOnly,
                maxPixels,
                count,
                texts());
    }

    private TextSettings texts() {
        if (!TextSettings.CAPTIONS.contains(captionExtension)) {
            throw new ArgumentException(
                    "--caption-extension is %s, not %s"
                            .formatted(
                                    String.join(" or ", TextSettings.CAPTIONS), captionExtension));
        }
        TextEncoding of = TextEncoding.DETECT;
        if (encoding != null) {
            try {
                of = TextEncoding.of(Charset.forName(encoding));
            } catch (IllegalArgumentException e) {
                throw new ArgumentException(
                        "--encoding " + encoding + " is unknown; GB18030 or windows-1251 are known",
                        e);
            }
        }
        return new TextSettings(of, TextSettings.CAPTIONS).preferring(captionExtension);
    }

    private OnError whenDamaged() {
        return switch (onError.toLowerCase(Locale.ROOT)) {
            case "skip" -> OnError.SKIP;
            case "stop" -> OnError.STOP;
            default -> throw new ArgumentException("--on-error is skip or stop, not " + onError);
        };
    }

    private void print(ImportReport report, PrintWriter to) {
        to.printf("format         %s%n", report.format());
        to.printf("imported       %,d%n", report.imported());
        to.printf(
                "already there  %,d (%,d of them gained a style)%n",
                report.alreadyThere(), report.stylesAdded());
        to.printf("skipped        %,d%n", report.skipped());
        report.problems().stream()
                .limit(PROBLEMS_SHOWN)
                .forEach(problem -> to.println("  " + Printing.printable(problem.toString())));
        if (report.skipped() > PROBLEMS_SHOWN) {
            to.printf("  and %,d more; --json lists them%n", report.skipped() - PROBLEMS_SHOWN);
        }
        report.notes().forEach(note -> to.println("note           " + Printing.printable(note)));
        to.printf("collection     %s, %,d pictures%n", out, report.total());
    }
}
