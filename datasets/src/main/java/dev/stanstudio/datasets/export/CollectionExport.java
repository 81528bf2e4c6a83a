package dev.stanstudio.datasets.export;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleCollection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Exports a collection, or part of it, for other programs. */
public final class CollectionExport {
    /** Is told how far an export has come. */
    public interface Progress {
        /** So many pictures were dealt with, and so many of them skipped. */
        void at(long pictures, long skipped);
    }

    private CollectionExport() {}

    /**
     * Exports {@code collection} into the folder {@code out}. Files appear whole or not at all, and
     * lists of pictures last. An export that was stopped is continued by the same call and ends
     * with the same bytes; one that was finished changes nothing.
     *
     * @throws UserException when nothing is selected, {@code out} holds something else or cannot be
     *     written, or a picture is damaged and the options say stop
     * @throws java.util.concurrent.CancellationException when the thread is interrupted
     */
    public static ExportReport run(
            StyleCollection collection, Path out, ExportOptions options, Progress progress) {
        Path from = collection.folder().toAbsolutePath().normalize();
        Path to = out.toAbsolutePath().normalize();
        if (to.startsWith(from) || from.startsWith(to)) {
            throw new UserException(
                    "collection %s and export %s lie within each other"
                            .formatted(collection.folder(), out));
        }
        List<Entry> entries = ExportPlan.of(collection, options);
        ExportRun run = new ExportRun(collection, options, progress);
        try {
            ExportPlan.claim(out, entries, options);
            try (FolderLock unused = FolderLock.of(out, ExportPlan.MARK, "export")) {
                ExportPlan.clear(out);
                write(out, entries, run);
            }
        } catch (IOException e) {
            throw new UserException("cannot export to " + out + ": " + AtomicFile.reason(e), e);
        }
        return run.report();
    }

    private static void write(Path out, List<Entry> entries, ExportRun run) throws IOException {
        switch (run.options().format()) {
            case IMAGEFOLDER -> FolderExport.imageFolder(out, entries, run);
            case KOHYA -> FolderExport.kohya(out, entries, run);
            case WEBDATASET -> TarExport.write(out, entries, run);
        }
    }
}
