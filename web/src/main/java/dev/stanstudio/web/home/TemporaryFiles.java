package dev.stanstudio.web.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Keeps the temporary files of libraries in the home's cache folder or in memory, not in the
 * machine's temporary folder, and deletes those of processes that were killed.
 */
public final class TemporaryFiles {
    private static final String NATIVE = "cache/native";
    private static final String SQLITE_FOLDER = "org.sqlite.tmpdir";

    /** A file may have been unpacked a moment ago by a process that is about to load it. */
    private static final Duration SETTLED = Duration.ofMinutes(10);

    private TemporaryFiles() {}

    /** Sets the places for this process; before the first database is opened. */
    public static void keepIn(StudioHome home) {
        ImageIO.setUseCache(false);
        Path folder = home.subfolder(NATIVE);
        if (System.getProperty(SQLITE_FOLDER) == null) {
            System.setProperty(SQLITE_FOLDER, folder.toString());
        }
        clear(folder, Instant.now().minus(SETTLED));
    }

    /** Returns the folder into which SQLite is unpacked. */
    static String ofSqlite() {
        return System.getProperty(SQLITE_FOLDER, System.getProperty("java.io.tmpdir", "."));
    }

    /** Files in use stay usable, since a loaded library does not need its name. */
    static void clear(Path folder, Instant before) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            return; // the next start tries again
        }
    }
}
