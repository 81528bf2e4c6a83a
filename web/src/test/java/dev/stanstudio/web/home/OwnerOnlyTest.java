package dev.stanstudio.web.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerOnlyTest {
    @TempDir Path folder;

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private StudioHome home() {
        assumeTrue(File.separatorChar == '/', "skipped: no POSIX permissions here");
        return StudioHome.of(Map.of(StudioHome.VARIABLE, folder.resolve("a/home").toString()));
    }

    @Test
    void whatIsNewIsItsOwnersAlone() throws IOException {
        StudioHome home = home();
        assertEquals("rwx------", rights(home.folder()));
        assertEquals("rwx------", rights(home.subfolder("uploads")));
        try (Database database = Database.open(null, home.databaseFile())) {
            database.jdbi().useHandle(h -> h.execute("CREATE TABLE x (y INTEGER)"));
            for (String name : new String[] {"studio.db", "studio.db-wal", "studio.db-shm"}) {
                assertEquals("rw-------", rights(home.folder().resolve(name)), name);
            }
        }
    }

    @Test
    void whatIsThereIsClosed() throws IOException {
        StudioHome home = home();
        Path database = Files.createFile(home.databaseFile());
        Path pictures = home.subfolder("pictures");
        for (Path path : new Path[] {home.folder(), pictures}) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--"));
        home();
        assertEquals("rwx------", rights(home.folder()));
        assertEquals("rwx------", rights(pictures));
        assertEquals("rw-------", rights(database));
        assertFalse(OwnerOnly.tighten(home.folder()), "told once");
    }

    @Test
    void whatKilledProcessesUnpackedIsCleared() throws IOException {
        Path old = Files.createFile(folder.resolve("sqlite-old.so"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH));
        Path fresh = Files.createFile(folder.resolve("sqlite-new.so"));
        TemporaryFiles.clear(folder, Instant.EPOCH.plusSeconds(1));
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(fresh));
    }
}
