package dev.stanstudio.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that have an end. Reading a device such as {@code /dev/zero} never ends, and a pipe without
 * a writer is waited for as long.
 */
public final class RegularFile {
    private RegularFile() {}

    /** Returns whether {@code file} is there and is neither a file nor a folder. */
    public static boolean isDevice(Path file) {
        return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
    }

    /**
     * Opens {@code file} for reading.
     *
     * @throws UserException when it is a device or a pipe
     */
    public static InputStream open(Path file) throws IOException {
        if (isDevice(file)) {
            throw new UserException(
                    file + " is a device or a pipe, not a file; copy what it holds into a file");
        }
        return Files.newInputStream(file);
    }
}
