package dev.stanstudio.web.study.store;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.home.StudioHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Holds the folder of a study that is being made. The folder has a name of its own until all
 * pictures are there; what a failure leaves is deleted at once, and what killed processes left a
 * day later, when another study is made. Not thread-safe.
 */
final class StudyDraft implements AutoCloseable {
    /** Begins the names of unfinished folders; no study's id does. */
    static final String MARK = ".new-";

    private static final String STUDIES = "studies/";

    /** Another process may be writing pictures into its own draft. */
    private static final Duration LEFT = Duration.ofDays(1);

    private final Path folder;
    private final Path place;

    /**
     * Creates the folder of the study with this id.
     *
     * @throws UserException if it cannot be made
     */
    StudyDraft(StudioHome home, String id) {
        clear(home.subfolder(STUDIES), Instant.now().minus(LEFT));
        this.folder = home.subfolder(STUDIES + MARK + id);
        this.place = folder.resolveSibling(id);
    }

    /** Returns the folder to write into. */
    Path folder() {
        return folder;
    }

    /** Gives the folder the name by which the study finds it. */
    void finish() {
        try {
            Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UserException(
                    "cannot write %s: %s".formatted(place, AtomicFile.reason(e)), e);
        }
    }

    /** Deletes the folder unless it is finished. */
    @Override
    public void close() {
        delete(folder);
    }

    private static void clear(Path studies, Instant before) {
        try (Stream<Path> folders = Files.list(studies)) {
            for (Path old : folders.filter(StudyDraft::unfinished).toList()) {
                if (Files.getLastModifiedTime(old).toInstant().isBefore(before)) {
                    delete(old);
                }
            }
        } catch (IOException e) {
            return; // the next study tries again
        }
    }

    private static boolean unfinished(Path folder) {
        return String.valueOf(folder.getFileName()).startsWith(MARK);
    }

    /** The first failure is the one to report, so a second one here is not. */
    private static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return; // what is left is deleted later
        }
    }
}
