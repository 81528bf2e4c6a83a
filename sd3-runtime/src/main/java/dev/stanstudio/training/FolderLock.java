package dev.stanstudio.training;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A lock on the folder of a training, since two trainings in one would overwrite each other's
 * checkpoints and best weights. It ends with {@link #close()} or with the process. Where the file
 * system has no locks, a folder is not protected.
 */
public final class FolderLock implements AutoCloseable {
    private static final String FILE = ".lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Acquires the lock of {@code folder}, which is made if it is missing.
     *
     * @throws UserException if another training holds it, or the folder cannot be written
     */
    public static FolderLock of(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(
                            folder.resolve(FILE),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (isTaken(channel)) {
                channel.close();
                throw new UserException(
                        "another training is running in "
                                + folder
                                + "; wait for it, or name another folder with --out");
            }
            return new FolderLock(channel);
        } catch (IOException e) {
            throw new UserException("the folder " + folder + " cannot be written: " + e, e);
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

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It ends with the process.
        }
    }
}
