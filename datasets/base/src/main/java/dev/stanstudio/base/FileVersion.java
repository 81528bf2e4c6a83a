package dev.stanstudio.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a file still holds what was read from it, without reading it again: by its length,
 * the time of its last change and, where the file system has them, its number. Whoever puts a file
 * of the same length and time over it in place is not noticed.
 *
 * @param size in bytes
 * @param modified the time of the last change
 * @param key the number of the file, which a file that takes its place does not have; null where
 *     there are none
 */
public record FileVersion(long size, FileTime modified, @Nullable Object key) {
    /**
     * Returns the version of {@code file} now; links are followed.
     *
     * @throws IOException if it is not there, or cannot be reached
     */
    public static FileVersion of(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileVersion(now.size(), now.lastModifiedTime(), now.fileKey());
    }

    /** Returns whether {@code now} is another file, which took the place of this one. */
    public boolean isReplacedBy(FileVersion now) {
        return key != null && !key.equals(now.key);
    }

    /** Returns one line that tells this version from others. */
    public String line() {
        return size + " " + modified + " " + key;
    }
}
