package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.CollectionWriter;
import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.datasets.sample.CaptionTemplate;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Copies, checks and writes pictures. Checks run side by side, but pictures enter the collection in
 * the order they came, so the result does not depend on the number of threads. For one thread.
 */
final class ImportSink implements ItemSink, AutoCloseable {
    /** Part of Java's memory that decoding may take. */
    private static final double DECODING_SHARE = 0.5;

    private record Waiting(
            String source,
            String name,
            Labels labels,
            Staging.Staged staged,
            @Nullable Future<PictureCheck.Header> header) {}

    private final CollectionWriter writer;
    private final ImportOptions options;
    private final CollectionImport.Progress progress;
    private final Staging staging;
    private final PictureCheck check;
    private final ExecutorService workers;
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long imported;
    private long alreadyThere;
    private long stylesAdded;
    private long skipped;
    private long files;
    private long aside;

    ImportSink(CollectionWriter writer, ImportOptions options, CollectionImport.Progress progress) {
        this.writer = writer;
        this.options = options;
        this.progress = progress;
        this.staging = new Staging(writer.staging(), writer::holds, Staging.MAX_BYTES);
        long memory = (long) (Runtime.getRuntime().maxMemory() * DECODING_SHARE);
        this.check = new PictureCheck(options.decode(), options.maxPixels(), memory);
        this.workers =
                Executors.newFixedThreadPool(
                        options.threads(),
                        task -> {
                            Thread thread = new Thread(task, "import-check");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    @Override
    public void accept(String source, String name, Labels given, Content content)
            throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        Labels labels = complete(given);
        if (labels.styles().isEmpty()) {
            reject(new Problem(source, "has no style; give one with --style"));
            return;
        }
        Staging.Staged staged;
        try {
            staged = staging.stage(content);
        } catch (Staging.WriteException e) {
            throw e;
        } catch (ClosedByInterruptException e) {
            throw interrupted();
        } catch (IOException | UserException e) {
            reject(new Problem(source, SourceTree.reason(e)));
            return;
        }
        Path file = staged.file();
        queue.add(
                new Waiting(
                        source,
                        name,
                        labels,
                        staged,
                        file == null ? null : workers.submit(() -> check.check(file))));
        while (queue.size() > 2 * options.threads()) {
            finishFirst();
        }
    }

    private static CancellationException interrupted() {
        return new CancellationException("the import was interrupted");
    }

    private Labels complete(Labels labels) {
        Labels complete = labels;
        String style = options.style();
        if (style != null && complete.styles().isEmpty()) {
            complete = complete.withStyles(List.of(style));
        }
        return options.licence() == null ? complete : complete.withLicence(options.licence());
    }

    /** Writes everything that waits. */
    void drain() throws IOException {
        while (!queue.isEmpty()) {
            finishFirst();
        }
    }

    private void finishFirst() throws IOException {
        Waiting waiting = queue.remove();
        String sha256 = waiting.staged().sha256();
        Path file = waiting.staged().file();
        if (writer.holds(sha256)) {
            alreadyThere++;
            stylesAdded += writer.addStyles(sha256, waiting.labels().styles()) ? 1 : 0;
        } else if (file != null && waiting.header() != null) {
            PictureCheck.Header header = await(waiting, waiting.header());
            if (header != null) {
                writer.add(file, captioned(item(waiting, header)));
                imported++;
            }
        }
        if (file != null) {
            Files.deleteIfExists(file);
        }
        tell();
    }

    private PictureCheck.@Nullable Header await(
            Waiting waiting, Future<PictureCheck.Header> header) {
        try {
            return header.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            Exception cause = e.getCause() instanceof Exception x ? x : e;
            reject(new Problem(waiting.source(), SourceTree.reason(cause)));
            return null;
        }
    }

    private static StyleItem item(Waiting waiting, PictureCheck.Header header) {
        String sha256 = waiting.staged().sha256();
        return new StyleItem(
                FileNames.of(waiting.name(), sha256, header.extension()),
                waiting.labels(),
                sha256,
                header.width(),
                header.height(),
                waiting.source(),
                header.dhash());
    }

    private StyleItem captioned(StyleItem item) {
        CaptionTemplate template = options.captions();
        return template == null
                ? item
                : item.withLabels(item.labels().withCaption(template.fill(item)));
    }

    @Override
    public void reject(Problem problem) {
        if (options.onError() == ImportOptions.OnError.STOP) {
            throw new UserException(
                    problem + "; mend or remove it, or go on without it by --on-error skip");
        }
        skipped++;
        if (problems.size() < ImportReport.MAX_PROBLEMS) {
            problems.add(problem);
        }
        tell();
    }

    @Override
    public @Nullable String givenStyle() {
        return options.style();
    }

    @Override
    public void note(String text) {
        notes.add(text);
    }

    private void tell() {
        progress.at(imported + alreadyThere + skipped, skipped);
    }

    List<Problem> problems() {
        return problems;
    }

    /** So many files were seen, and so many of them left aside. */
    void saw(long more, long moreAside) {
        files += more;
        aside += moreAside;
    }

    ImportReport report(String format) {
        return new ImportReport(
                format,
                imported,
                alreadyThere,
                stylesAdded,
                skipped,
                List.copyOf(problems),
                List.copyOf(notes),
                writer.size(),
                files,
                aside);
    }

    /** Ends the checks that still run, and drops the copies of pictures that still wait. */
    @Override
    public void close() {
        workers.shutdownNow();
        for (Waiting waiting : queue) {
            if (waiting.staged().file() != null) {
                Staging.drop(waiting.staged().file());
            }
        }
    }
}
