package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.Printing;
import dev.stanstudio.base.command.Progress;
import dev.stanstudio.base.command.StudioCommand;
import dev.stanstudio.datasets.collection.StyleCollection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code studio dataset caption}: an outside program describes the pictures. */
@Command(
        name = "caption",
        description =
                "Caption pictures by a program of your own. Interrupted, it goes on when it is run"
                        + " again.",
        sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class DatasetCaptionCommand implements StudioCommand {
    private static final int SHOWN = 20;

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            description = "A collection, or a folder of pictures, which get texts beside them.")
    private Path folder;

    @Option(
            names = "--command",
            paramLabel = "TEXT",
            required = true,
            description =
                    "The captioner: started once, it reads a path from each line and answers each"
                            + " by one line, a text or JSON with \"caption\". With {} for the path"
                            + " it is started for each picture.")
    private String command;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "The longest for an answer (${DEFAULT-VALUE}).")
    private long timeout;

    @Option(
            names = "--start-timeout",
            paramLabel = "SECONDS",
            defaultValue = "900",
            description = "The longest for the first answer, when models load (${DEFAULT-VALUE}).")
    private long startTimeout;

    @Option(names = "--overwrite", description = "Also caption pictures that have a caption.")
    private boolean overwrite;

    @Option(
            names = "--trigger",
            paramLabel = "WORD",
            description = "A word in front of every caption, with a comma.")
    private @Nullable String trigger;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "A text in front of every caption.")
    private @Nullable String prefix;

    @Option(names = "--suffix", paramLabel = "TEXT", description = "A text after every caption.")
    private @Nullable String suffix;

    @Mixin private CaptionOption captions = new CaptionOption();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Write the captions of all pictures to this list (.jsonl) instead; the"
                            + " collection stays as it is.")
    private @Nullable Path out;

    @Option(
            names = "--on-error",
            paramLabel = "WHAT",
            defaultValue = "skip",
            description = "skip or stop at a picture without an answer (${DEFAULT-VALUE}).")
    private String onError;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public String parent() {
        return "dataset";
    }

    @Override
    public Integer call() {
        boolean stopping = stopping();
        List<String> words = CommandWords.of(command);
        CaptionTimes times =
                new CaptionTimes(Duration.ofSeconds(startTimeout), Duration.ofSeconds(timeout));
        CaptionTarget target = target();
        Path journalled = journalFolder(target);
        try (FolderLock lock = FolderLock.ofFixed(journalled, "captioning")) {
            try {
                CaptionTarget.Work work = target.work(overwrite);
                print(captioned(target, work, words, times, stopping), target.place());
            } finally {
                // The folder may be another program's, which knows no lock.
                lock.delete();
            }
        } catch (IOException e) {
            throw new UserException(
                    "%s cannot be written: %s".formatted(journalled, AtomicFile.reason(e)), e);
        }
        return ExitCodes.DONE;
    }

    private static Path journalFolder(CaptionTarget target) {
        Path parent = target.journal().toAbsolutePath().getParent();
        return parent == null ? target.journal() : parent;
    }

    private CaptionReport captioned(
            CaptionTarget target,
            CaptionTarget.Work work,
            List<String> words,
            CaptionTimes times,
            boolean stopping) {
        try (CaptionJournal journal = CaptionJournal.open(target.journal(), command);
                Captioner captioner = captioner(words, times, journal);
                Progress progress = new Progress(spec.commandLine().getErr())) {
            return new Captioning(target, journal, captioner, stopping).run(work, progress);
        }
    }

    private static Captioner captioner(
            List<String> words, CaptionTimes times, CaptionJournal journal) {
        return words.stream().anyMatch(word -> word.contains(SingleCaptioner.GAP))
                ? new SingleCaptioner(words, times)
                : new StreamingCaptioner(words, times, journal::mark);
    }

    private boolean stopping() {
        return switch (onError.toLowerCase(Locale.ROOT)) {
            case "skip" -> false;
            case "stop" -> true;
            default -> throw new ArgumentException("--on-error is skip or stop, not " + onError);
        };
    }

    private CaptionTarget target() {
        CaptionWording wording = new CaptionWording(trigger, prefix, suffix);
        CaptionTemplate template = captions.template();
        boolean listed = Files.exists(folder.resolve(StyleCollection.METADATA));
        if (!listed && !Files.isDirectory(folder)) {
            throw new UserException(folder + " is no folder of pictures");
        }
        if (!listed && Files.exists(folder.resolve(StyleCollection.JOURNAL))) {
            StyleCollection.open(folder);
        }
        if (!listed && template != null) {
            throw new ArgumentException(
                    "--caption-template needs a collection, which names styles; %s is a plain"
                                    .formatted(folder)
                            + " folder, for which --prefix and --suffix serve");
        }
        if (out != null) {
            return CaptionList.of(folder, listed, template, wording, out, overwrite);
        }
        return listed
                ? new ListedCaptions(StyleCollection.open(folder), template, wording)
                : new CaptionsBeside(folder, wording);
    }

    private void print(CaptionReport report, String place) {
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            to.println(Printing.json(report));
            to.flush();
            return;
        }
        to.printf(
                "captioned      %,d (%,d of them by an earlier run)%n",
                report.captioned(), report.resumed());
        to.printf("kept           %,d have a caption; --overwrite replaces it%n", report.kept());
        to.printf("without        %,d got no answer%n", report.failed());
        report.problems().stream()
                .limit(SHOWN)
                .forEach(problem -> to.println("  " + Printing.printable(problem)));
        if (report.failed() > SHOWN) {
            to.printf("  and %,d more; --json lists them%n", report.failed() - SHOWN);
        }
        to.println("written        " + place);
        to.flush();
    }
}
