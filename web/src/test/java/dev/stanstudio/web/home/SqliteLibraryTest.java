package dev.stanstudio.web.home;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stanstudio.web.Studio;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that cannot unpack SQLite, as on a full disk. */
class SqliteLibraryTest {
    @TempDir private Path folder;

    @Test
    void saysInOneLineWhereItNeedsSpace() throws Exception {
        Path noFolder = Files.writeString(folder.resolve("native"), "a file");
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.sqlite.tmpdir=" + noFolder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Studio.class.getName(),
                        "study",
                        "list");
        builder.environment().put("STUDIO_HOME", folder.resolve("home").toString());
        Process process =
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(err.toFile())
                        .start();
        assertEquals(1, process.waitFor());
        assertEquals(
                "studio: SQLite cannot be loaded from %s: free space there, and let programs run"
                                .formatted(noFolder)
                        + " from it\n",
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
