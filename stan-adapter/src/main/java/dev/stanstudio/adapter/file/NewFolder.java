package dev.stanstudio.adapter.file;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that appears only when everything in it has been written. */
public final class NewFolder {
    /** Writes what belongs into the folder. */
    @FunctionalInterface
    public interface Content {
        /** Writes into {@code folder}, which exists and is empty. */
        void write(Path folder) throws IOException;
    }

    private NewFolder() {}

    /**
     * Writes {@code content} beside {@code out} and then renames it; after a failure nothing is
     * left. What killed commands left half-written beside it is deleted.
     *
     * @param out a folder that does not exist yet
     * @throws UserException if {@code out} exists or cannot be written
     */
    public static void write(Path out, Content content) {
        Path target = out.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null || Files.exists(target)) {
            throw new UserException(out + " exists already; name a new folder");
        }
        AtomicFile.requireName(target);
        Path part = AtomicFile.part(target);
        try {
            Files.createDirectories(parent);
            FolderLock.deletePartFolders(parent);
            try (FolderLock lock = FolderLock.of(part, "writing")) {
                content.write(part);
                lock.delete();
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UserException(out + " cannot be written: " + AtomicFile.reason(e), e);
        } finally {
            delete(part);
        }
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
        } catch (IOException ignored) {
            // nothing more can be done
        }
    }
}
