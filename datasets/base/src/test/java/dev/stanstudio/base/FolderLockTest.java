package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir private Path folder;

    @Test
    void twoTrainingsDoNotRunInOneFolder() {
        Path out = folder.resolve("new/run");
        FolderLock first = FolderLock.of(out, "training");
        UserException e = assertThrows(UserException.class, () -> FolderLock.of(out, "training"));
        first.close();
        assertTrue(
                String.valueOf(e.getMessage()).contains("another training is running in"),
                e::getMessage);
        FolderLock.of(out, "scoring").close();
        assertTrue(Files.isDirectory(out));
    }
}
