package dev.stanstudio.datasets.export;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleCollection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Reads the pictures of one export and counts. For one thread. */
final class ExportRun {
    private final StyleCollection collection;
    private final ExportOptions options;
    private final CollectionExport.Progress progress;
    private final List<String> problems = new ArrayList<>();
    private long written;
    private long kept;
    private long skipped;

    ExportRun(
            StyleCollection collection, ExportOptions options, CollectionExport.Progress progress) {
        this.collection = collection;
        this.options = options;
        this.progress = progress;
    }

    ExportOptions options() {
        return options;
    }

    /** The file of the picture. */
    Path file(Entry entry) {
        return collection.file(entry.item());
    }

    /** The bytes of the picture's file, or null where they are not what was imported. */
    byte @Nullable [] read(Entry entry) {
        Path file = file(entry);
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (Sha256.of(bytes).equals(entry.item().sha256())) {
                return bytes;
            }
            skip(file + ": is not what was imported (its hash differs)");
        } catch (IOException e) {
            skip(file + ": " + (Files.exists(file) ? "cannot be read: " + e : "is missing"));
        }
        return null;
    }

    void written(long pictures) {
        written += pictures;
        tell();
    }

    void kept(long pictures) {
        kept += pictures;
        tell();
    }

    void skip(String problem) {
        if (options.stopAtDamage()) {
            throw new UserException(
                    problem + "; mend the collection, or go on without it by --on-error skip");
        }
        skipped++;
        if (problems.size() < ExportReport.MAX_PROBLEMS) {
            problems.add(problem);
        }
        tell();
    }

    private void tell() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the export was interrupted");
        }
        progress.at(written + kept + skipped, skipped);
    }

    ExportReport report() {
        if (written + kept == 0) {
            throw new UserException(
                    "none of %s pictures could be exported; the first reason: %s"
                            .formatted(skipped, problems.get(0)));
        }
        return new ExportReport(
                options.format().id(), written, kept, skipped, List.copyOf(problems));
    }
}
