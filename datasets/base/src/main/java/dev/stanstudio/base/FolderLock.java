package dev.stanstudio.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a folder that results are written into. Two trainings in one would overwrite each
 * other's checkpoints, two scorings each other's rows. It ends with {@link #close()} or with the
 * process. Whoever acquires it deletes what a killed process left half-written in the folder. Where
 * the file system has no locks, a folder is not protected.
 */
public final class FolderLock implements AutoCloseable {
    private static final String FILE = ".lock";

    /**
     * The locks of this process. POSIX ends all locks that a process has on a file when it closes
     * the file, however it was opened, so a file whose lock is held here is not opened again.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

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
        Path place = folder.resolve(file);
        String taken =
                "another %s is running in %s; wait for it%s".formatted(work, folder, instead);
        if (!HELD.add(key(place))) {
            throw new UserException(taken);
        }
        FolderLock lock = null;
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(place, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isTaken(channel)) {
                channel.close();
                throw new UserException(taken);
            }
            lock = new FolderLock(place, channel);
            deleteParts(folder, part -> true);
            return lock;
        } catch (IOException e) {
            throw new UserException(
                    "the folder %s cannot be written: %s".formatted(folder, AtomicFile.reason(e)),
                    e);
        } finally {
            if (lock == null) {
                HELD.remove(key(place));
            }
        }
    }

    private static Path key(Path file) {
        return file.toAbsolutePath().normalize();
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

    /**
     * Deletes folders that killed commands left half-written in {@code folder}: those that have the
     * name of a part and that nobody holds a lock of.
     */
    public static void deletePartFolders(Path folder) {
        deleteParts(folder, Files::isDirectory);
    }

    private static void deleteParts(Path folder, Predicate<Path> chosen) {
        try (Stream<Path> inside = Files.list(folder)) {
            inside.filter(AtomicFile::isPart)
                    .filter(chosen)
                    .filter(part -> !Files.isDirectory(part) || isFree(part))
                    .forEach(FolderLock::deleteAll);
        } catch (IOException | UncheckedIOException e) {
            // They disturb nobody.
        }
    }

    private static boolean isFree(Path part) {
        if (HELD.contains(key(part.resolve(FILE)))) {
            return false;
        }
        try (FileChannel channel =
                FileChannel.open(
                        part.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    private static void deleteAll(Path part) {
        try (Stream<Path> all = Files.walk(part)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
        } finally {
            HELD.remove(key(file));
        }
    }
}
