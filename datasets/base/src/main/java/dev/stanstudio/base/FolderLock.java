package dev.stanstudio.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a folder that results are written into. Two trainings in one would overwrite each
 * other's checkpoints, two scorings each other's rows. It ends with {@link #close()} or with the
 * process. Where the file system has no locks, a folder is not protected.
 */
public final class FolderLock implements AutoCloseable {
    private static final String FILE = ".lock";

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Acquires the lock of {@code folder}, which is made if it is missing.
     *
     * @param work what the lock is for, such as "training"
     * @throws UserException if another process holds it, or the folder cannot be written
     */
    public static FolderLock of(Path folder, String work) {
        return of(folder, FILE, work);
    }

    /**
     * As {@link #of(Path, String)}, by a file that the folder has anyway and that stays as it is.
     *
     * @param file its name; this process must not open it while it holds the lock
     */
    public static FolderLock of(Path folder, String file, String work) {
        return of(folder, file, work, ", or name another folder with --out");
    }

    /** As {@link #of(Path, String)}, for a folder that nobody can choose. */
    public static FolderLock ofFixed(Path folder, String work) {
        return of(folder, FILE, work, "");
    }

    private static FolderLock of(Path folder, String file, String work, String instead) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(
                            folder.resolve(file),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (isTaken(channel)) {
                channel.close();
                throw new UserException(
                        "another %s is running in %s; wait for it%s"
                                .formatted(work, folder, instead));
            }
            return new FolderLock(folder.resolve(file), channel);
        } catch (IOException e) {
            throw new UserException(
                    "the folder %s cannot be written: %s".formatted(folder, AtomicFile.reason(e)),
                    e);
        }
    }

    private static boolean isTaken(FileChannel channel) {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Deletes the file when the work is done, in folders that hold pictures for others. */
    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It ends with the process.
        }
    }
}
